"""People meet at a quarter past, not at 9:27: `start_step`."""

from __future__ import annotations

from copy import deepcopy

import pytest

from matching.check import check
from matching.format import ProblemError, dump_problem, parse_problem
from matching.solve import solve
from matching.stop import Iterations

PROBLEM = {
    "format": "hvsp/1",
    "start_step": 15,
    "places": {"xy_km": [[0.0, 0.0], [3.2, 1.1]]},
    "travel": {"rule": {"detour": 1.3, "same_place": 5, "modes": {"car": {"kmh": 45, "fixed": 3}}}},
    "weights": {"priority": {"2": 500}, "travel": 1},
    "volunteers": [
        {
            "id": "v", "home": 0, "mode": "car", "skills": [], "languages": ["bg"], "max_visits_per_week": 4,
            "shifts": [{"id": "s", "start": 547, "end": 1020, "week": 0, "day": 0}],
        }
    ],
    "requests": [
        {
            "id": "r", "place": 1, "skills": [], "language": "bg", "duration": 60, "windows": [[540, 1080]],
            "priority": 2, "released_day": 0,
        }
    ],
}  # fmt: skip


def start(**more: object) -> int:
    problem = parse_problem({**deepcopy(PROBLEM), **more})
    plan = solve(problem, Iterations(20), 1).plan
    assert check(problem, plan).legal
    (visit,) = plan.visits
    return visit.start


def test_a_visit_starts_at_a_multiple_of_the_step() -> None:
    assert start() % 15 == 0
    assert start(start_step=1) % 15 != 0


def test_a_tight_window_is_served_off_the_step() -> None:
    requests = deepcopy(PROBLEM["requests"])
    requests[0]["windows"] = [[562, 624]]  # type: ignore[index]
    assert start(requests=requests) == 562


def test_the_step_survives_writing_and_reading() -> None:
    problem = parse_problem(PROBLEM)
    assert parse_problem(dump_problem(problem)) == problem and problem.start_step == 15


@pytest.mark.parametrize("wrong", [0, -5, 1441, 1.0, True, "15"])
def test_a_wrong_step_is_named(wrong: object) -> None:
    with pytest.raises(ProblemError, match="start_step"):
        parse_problem({**PROBLEM, "start_step": wrong})
