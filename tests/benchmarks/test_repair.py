"""Timing repairs: different people, each kind of change, and who of the others is disturbed."""

from __future__ import annotations

import pytest

from benchmarks.growth import Case
from benchmarks.repair import KINDS, Mended, changes, judged, planned, summary
from matching.check import check
from matching.format import Plan, Problem
from matching.repair import repair
from matching.stop import Iterations

_Planned = tuple[Problem, Plan]


@pytest.fixture(scope="module")
def made() -> _Planned:
    return planned(Case(60, 20, 7, 1), seed=1, seconds=2)


def test_the_first_days_are_promised_and_the_plan_is_legal(made: _Planned) -> None:
    problem, plan = made
    assert 0 < len(problem.promises) < len(plan.visits)
    assert check(problem, plan).legal


def test_the_kinds_of_change_come_in_turn_and_to_different_people(made: _Planned) -> None:
    found = changes(*made, seed=1, times=6)
    assert [kind for kind, _, _ in found] == [*KINDS, *KINDS]
    assert len({who for _, _, who in found}) == 6


def test_each_change_is_repaired_and_judged(made: _Planned) -> None:
    problem, plan = made
    for kind, change, who in changes(problem, plan, seed=1, times=3):
        found = judged(kind, who, plan, repair(problem, plan, change, Iterations(20), 1), 0.5)
        assert found.again <= found.lost
        assert found.moved < found.others < len(plan.visits)
        assert found.confirmed_dropped == 0


def test_the_table_ends_with_all_kinds_together() -> None:
    found = [Mended("ill", 0.4, 3, 2, 1, 100, 0, 0), Mended("declines", 0.8, 1, 1, 3, 100, 1, 0)]
    assert summary(found).splitlines()[2:] == [
        "| ill | 1 | 0.40 | 0.40 | 2 of 3 | 1.00 % | 1.00 % | 0 | 0 |",
        "| declines | 1 | 0.80 | 0.80 | 1 of 1 | 3.00 % | 3.00 % | 1 | 0 |",
        "| all | 2 | 0.60 | 0.80 | 3 of 4 | 2.00 % | 3.00 % | 1 | 0 |",
    ]
