"""OR-Tools' routing library: parallel cheapest insertion, then guided local search.

It is told of hours, several windows, who may go where, travel limits, each shift's share of the week's limit, prizes,
and every cost that depends on the person, the day and the way. It is not told of teams of two (two vehicles in step,
with nothing else on their way) and of fairness (a cost that grows with the visits of several vehicles).
"""

from __future__ import annotations

import math
import time
from itertools import pairwise
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.rivals.fleet import Fleet, planned
from matching.format import Plan, Problem

# Less than this is not worth another call.
LEAST_SECONDS = 0.2
NOBODY = -1


def plan(problem: Problem, seconds: float) -> Plan:
    """The plan of guided local search after `seconds` of CPU."""

    def routed(fleet: Fleet) -> tuple[dict[int, list[int]], float]:
        manager, routing = _model(fleet)
        began = time.process_time()
        answer = _search(routing, began + seconds)
        took = time.process_time() - began
        return _routes(fleet, manager, routing, answer) if answer else {}, took

    return planned(problem, routed)


def _search(routing: Any, until: float) -> Any:
    """The best answer before that instant of CPU time, or None.

    The library's limit is wall time: where others used the core meanwhile, it goes on from its answer.
    """
    answer = None
    while (left := until - time.process_time()) >= LEAST_SECONDS:
        if answer is None:
            answer = routing.SolveWithParameters(_parameters(left))
        else:
            answer = routing.SolveFromAssignmentWithParameters(answer, _parameters(left)) or answer
    return answer


def _parameters(seconds: float) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(math.ceil(seconds * 1000))
    return parameters


def _model(fleet: Fleet) -> tuple[Any, Any]:
    manager = pywrapcp.RoutingIndexManager(len(fleet.jobs) + 1, len(fleet.shifts), 0)
    routing = pywrapcp.RoutingModel(manager)
    _add_roads(fleet, routing)
    _add_hours(fleet, routing)
    _add_weeks(fleet, routing)
    time_of = routing.GetDimensionOrDie("time")
    for j in range(len(fleet.jobs)):
        index = manager.NodeToIndex(j + 1)
        routing.AddDisjunction([index], fleet.value[j])
        routing.VehicleVar(index).SetValues([NOBODY, *fleet.takers[j]])
        windows = fleet.windows(j)
        begin = time_of.CumulVar(index)
        begin.SetRange(windows[0][0], windows[-1][1])
        for (_, last), (first, _) in pairwise(windows):
            if last + 1 < first:
                begin.RemoveInterval(last + 1, first - 1)
    return manager, routing


def _add_roads(fleet: Fleet, routing: Any) -> None:
    """Costs by vehicle, and the dimensions of time and travel."""
    prep, weight = fleet.prep, fleet.prep.weights.travel
    duration = [0] + [prep.duration[r] for r in fleet.jobs]
    known: dict[tuple[int, int, int], tuple[int, int]] = {}
    times, ways = [], []
    for i, s in enumerate(fleet.shifts):
        roads = fleet.minutes(i)
        key = prep.owner[s], prep.origin[s], prep.target[s]
        if key not in known:
            with_service = roads + [[d] for d in duration]
            known[key] = (
                routing.RegisterTransitMatrix(with_service.tolist()),
                routing.RegisterTransitMatrix(roads.tolist()),
            )
        times.append(known[key][0])
        ways.append(known[key][1])
        costs = weight * roads
        costs[:, 1:] += fleet.malus[i]
        routing.SetArcCostEvaluatorOfVehicle(routing.RegisterTransitMatrix(costs.tolist()), i)
    horizon = fleet.horizon
    routing.AddDimensionWithVehicleTransits(times, horizon, horizon, False, "time")
    limits = [fleet.most_travel(i) for i in range(len(fleet.shifts))]
    if min(limits) < horizon:
        routing.AddDimensionWithVehicleTransitAndCapacity(ways, 0, limits, True, "travel")


def _add_hours(fleet: Fleet, routing: Any) -> None:
    time_of = routing.GetDimensionOrDie("time")
    for i in range(len(fleet.shifts)):
        start, end = fleet.hours(i)
        time_of.CumulVar(routing.Start(i)).SetRange(start, end)
        time_of.CumulVar(routing.End(i)).SetRange(start, end)


def _add_weeks(fleet: Fleet, routing: Any) -> None:
    most = fleet.most_visits
    if min(most) < len(fleet.jobs):
        count = routing.RegisterUnaryTransitVector([0] + [1] * len(fleet.jobs))
        routing.AddDimensionWithVehicleCapacity(count, 0, most, True, "visits")


def _routes(fleet: Fleet, manager: Any, routing: Any, answer: Any) -> dict[int, list[int]]:
    """Vehicle → nodes in order."""
    routes: dict[int, list[int]] = {}
    for i in range(len(fleet.shifts)):
        index, nodes = routing.Start(i), list[int]()
        while not routing.IsEnd(index):
            node = manager.IndexToNode(index)
            if node:
                nodes.append(node)
            index = answer.Value(routing.NextVar(index))
        if nodes:
            routes[i] = nodes
    return routes
