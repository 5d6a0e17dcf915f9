"""Problems by hand: places on a straight road, ten kilometres and ten minutes by car from one to the next."""

from __future__ import annotations

from typing import Any

from matching.check import check
from matching.format import Plan, Problem, parse_problem
from matching.solve import solve
from matching.stop import Iterations

Json = dict[str, Any]


def volunteer(name: str = "v1", home: int = 0, hours: Any = ((0, 300),), **more: Any) -> Json:
    """At place 0 with a car and skill A; one shift a day, on days 0, 1, … of week 0, from `hours`."""
    shifts = [
        {"id": f"{name}-{day}", "start": start, "end": end, "week": 0, "day": day}
        for day, (start, end) in enumerate(hours)
    ]
    base: Json = {"id": name, "home": home, "mode": "car", "skills": ["A"], "languages": ["bg"]}
    return {**base, "max_visits_per_week": 9, "shifts": shifts, **more}


def request(name: str = "r1", place: int = 1, **more: Any) -> Json:
    """Half an hour of skill A at place 1, at any time, for 1000 points."""
    base: Json = {"id": name, "place": place, "skills": ["A"], "language": "bg", "duration": 30}
    base |= {"windows": [[0, 10_000]], "prize": 1000, "released_day": 0, **more}
    return {key: value for key, value in base.items() if value is not ...}


def promise(name: str, crew: dict[str, str], start: int) -> Json:
    """`crew` maps volunteers to their shifts."""
    return {"request": name, "volunteers": list(crew), "shifts": list(crew.values()), "start": start}


def data(volunteers: list[Json], requests: list[Json], promises: Any = (), **weights: Any) -> Json:
    modes = {"car": {"kmh": 60, "fixed": 0}, "foot": {"kmh": 6, "fixed": 0}}
    return {
        "format": "hvsp/1",
        "places": {"xy_km": [[10.0 * x, 0.0] for x in range(6)]},
        "travel": {"rule": {"detour": 1, "same_place": 5, "modes": modes}},
        "weights": {"travel": 1, **weights},
        "volunteers": volunteers,
        "requests": requests,
        "promises": list(promises),
    }


def problem(volunteers: list[Json], requests: list[Json], promises: Any = (), **weights: Any) -> Problem:
    return parse_problem(data(volunteers, requests, promises, **weights))


def planned(given: Problem, iterations: int = 60) -> Plan:
    """The solver's plan, which must pass the independent check."""
    plan = solve(given, Iterations(iterations), seed=3).plan
    assert check(given, plan).violations == ()
    return plan


def crews(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {visit.request: tuple(sorted(visit.volunteers)) for visit in plan.visits}


def starts(plan: Plan) -> dict[str, int]:
    return {visit.request: visit.start for visit in plan.visits}


def reasons(plan: Plan) -> dict[str, str]:
    return {entry.request: entry.reason for entry in plan.unserved}
