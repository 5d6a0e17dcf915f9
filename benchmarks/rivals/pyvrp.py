"""PyVRP: iterated local search for vehicle routing with prizes.

It is told of hours, who may go where (roads without end), several windows (a group of clients of whom one is
visited), each shift's share of the week's limit, prizes, and every cost that depends on the person, the day and the
way. Where such costs stand on the roads it cannot also limit the way, so travel limits are told only
without them. It is not told of teams of two and fairness.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pyvrp

from benchmarks.rivals.fleet import Fleet, Whole, planned
from matching.format import Plan, Problem

# Dearer than any prize. Its search does worse with far greater numbers (tried up to 10,000,000).
NO_WAY = 100_000
SEED = 1


def plan(problem: Problem, seconds: float) -> Plan:
    """The plan of PyVRP after `seconds` of CPU."""

    def routed(fleet: Fleet) -> tuple[dict[int, list[int]], float]:
        data, nodes = _model(fleet)
        began = time.process_time()
        answer = pyvrp.solve(
            data, lambda _best: time.process_time() >= began + seconds, seed=SEED, collect_stats=False, display=False
        )
        took = time.process_time() - began
        return _routes(answer, nodes), took

    return planned(problem, routed)


def _model(fleet: Fleet) -> tuple[Any, list[int]]:
    """The model, and the node of each of its clients."""
    clients, groups, nodes = list[Any](), list[Any](), list[int]()
    for j, r in enumerate(fleet.jobs):
        windows = fleet.windows(j)
        group = len(groups) if len(windows) > 1 else None
        if group is not None:
            groups.append(pyvrp.ClientGroup(range(len(clients), len(clients) + len(windows)), required=False))
        for first, last in windows:
            nodes.append(j + 1)
            clients.append(
                pyvrp.Client(
                    j + 1,
                    delivery=[1],
                    service_duration=fleet.prep.duration[r],
                    tw_early=first,
                    tw_late=last,
                    prize=fleet.value[j],
                    required=False,
                    group=group,
                )
            )
    vehicles = range(len(fleet.shifts))
    roads = [fleet.minutes(i) for i in vehicles]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(len(fleet.jobs) + 1)],
        clients,
        [pyvrp.Depot(0)],
        [_vehicle(fleet, i) for i in vehicles],
        [_costs(fleet, i, roads[i]) for i in vehicles],
        roads,
        groups,
    )
    return data, nodes


def _costs(fleet: Fleet, i: int, roads: Whole) -> Whole:
    costs = fleet.prep.weights.travel * roads
    costs[:, 1:] += fleet.malus[i]
    cannot = [j + 1 for j, takers in enumerate(fleet.takers) if i not in takers]
    costs[:, cannot] = NO_WAY
    np.fill_diagonal(costs, 0)
    return costs


def _vehicle(fleet: Fleet, i: int) -> Any:
    start, end = fleet.hours(i)
    weight = fleet.prep.weights.travel
    limit = {} if fleet.malus.any() else {"max_distance": fleet.most_travel(i) * max(1, weight)}
    return pyvrp.VehicleType(
        capacity=[fleet.most_visits[i]],
        tw_early=start,
        tw_late=end,
        profile=i,
        **limit,
    )


def _routes(answer: Any, nodes: list[int]) -> dict[int, list[int]]:
    """Vehicle → nodes in order."""
    return {
        route.vehicle_type(): [nodes[activity.idx] for activity in route if activity.is_client()]
        for route in answer.best.routes()
    }
