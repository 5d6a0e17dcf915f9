"""VROOM: fast heuristics and local search for vehicle routing.

It is told of hours, several windows, who may go where (a skill for every job), travel limits, each shift's share of the
week's limit, and every cost that depends on the person, the day and the way. Prizes become priorities
of 0 to 100, which it serves before it looks at costs. It is not told of teams of two and fairness.
It ends by itself when its search is through, mostly long before its time is up.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import numpy as np
import vroom

from benchmarks.rivals.fleet import Fleet, planned
from matching.format import Plan, Problem

# The most thorough of its levels.
EXPLORATION = 5
HIGHEST_PRIORITY = 100


def plan(problem: Problem, seconds: float) -> Plan:
    """The plan of VROOM at its most thorough, within `seconds`."""

    def routed(fleet: Fleet) -> tuple[dict[int, list[int]], float]:
        model = _model(fleet)
        began = time.process_time()
        answer = model.solve(exploration_level=EXPLORATION, nb_threads=1, timeout=timedelta(seconds=seconds))
        took = time.process_time() - began
        return _routes(answer), took

    return planned(problem, routed)


def _model(fleet: Fleet) -> Any:
    model = vroom.Input()
    weight = fleet.prep.weights.travel
    for i in range(len(fleet.shifts)):
        roads = fleet.minutes(i)
        costs = weight * roads
        costs[:, 1:] += fleet.malus[i]
        np.fill_diagonal(costs, 0)
        model.set_durations_matrix(profile=str(i), matrix_input=roads.astype(np.uint32))
        model.set_costs_matrix(profile=str(i), matrix_input=costs.astype(np.uint32))
    skills: list[set[int]] = [set() for _ in fleet.shifts]
    for j, takers in enumerate(fleet.takers):
        for i in takers:
            skills[i].add(j)
    model.add_vehicle([_vehicle(fleet, i, skills[i]) for i in range(len(fleet.shifts))])
    model.add_job([_job(fleet, j) for j in range(len(fleet.jobs))])
    return model


def _vehicle(fleet: Fleet, i: int, skills: set[int]) -> Any:
    start, end = fleet.hours(i)
    return vroom.Vehicle(
        i,
        start=0,
        end=0,
        profile=str(i),
        skills=skills,
        time_window=vroom.TimeWindow(start, end),
        max_tasks=fleet.most_visits[i],
        max_travel_time=fleet.most_travel(i),
    )


def _job(fleet: Fleet, j: int) -> Any:
    return vroom.Job(
        j,
        location=j + 1,
        default_service=fleet.prep.duration[fleet.jobs[j]],
        skills={j},
        priority=round(HIGHEST_PRIORITY * fleet.value[j] / max(1, *fleet.value)),
        time_windows=[vroom.TimeWindow(first, last) for first, last in fleet.windows(j)],
    )


def _routes(answer: Any) -> dict[int, list[int]]:
    """Vehicle → nodes in order."""
    steps = answer.routes
    jobs = steps[steps["type"] == "job"]
    routes: dict[int, list[int]] = {}
    for vehicle, job in zip(jobs["vehicle_id"], jobs["id"], strict=True):
        routes.setdefault(int(vehicle), []).append(int(job) + 1)
    return routes
