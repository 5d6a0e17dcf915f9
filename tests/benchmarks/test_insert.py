"""Timing the desk: questions to a standing plan of which a part of the requests is missing."""

from __future__ import annotations

from benchmarks.growth import Case
from benchmarks.insert import Questions, ask, standing, summary
from matching.check import check
from matching.generate import generate


def test_who_is_late_is_in_no_plan_and_the_plan_is_legal() -> None:
    problem = generate(60, 15, 7, seed=1)
    plan = standing(problem, {"r1", "r2", "r3"})
    assert check(problem, plan).legal
    assert not {"r1", "r2", "r3"} & {visit.request for visit in plan.visits}
    assert plan.visits


def test_a_desk_is_asked_as_often_as_wanted_and_the_best_answers_are_carried_out() -> None:
    found = ask(Case(60, 30, 7, 1), seed=1, times=25)
    assert len(found.asked) == 25
    assert 1 <= len(found.applied) <= 3
    assert 0 < found.seated <= 25
    assert min(found.asked) > 0


def test_the_table_tells_the_slowest_of_a_hundred() -> None:
    asked = tuple(float(ms) for ms in range(1, 101))
    found = [Questions("200x40", 0.3, asked, (7.0,), 90, 50)]
    assert summary(found).splitlines()[2:] == [
        "| 200 × 40 | 100 | 0.3 | 50.5 | 50.0 | 99.0 | 100.0 | 7.0 | 90 % | 50 % |",
    ]
