"""Who else could come: what a coordinator sees before assigning by hand."""

from __future__ import annotations

import pytest

from matching.candidates import rank
from matching.check import check
from matching.format import Visit
from matching.generate import generate
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.build import planned, problem, promise, request, volunteer


def test_those_who_can_come_are_ranked_and_the_others_carry_the_reason() -> None:
    people = [
        volunteer("far", 4),
        volunteer("near", 1),
        volunteer("unskilled", skills=[]),
        volunteer("foreign", languages=["tr"]),
        volunteer("blocked"),
        volunteer("distant", 5, max_leg=10),
        volunteer("asleep", hours=[(5000, 5300)]),
        volunteer("tired", max_visits_per_week=0),
    ]
    given = problem(people, [request(windows=[[0, 300]], blocked=["blocked"])])
    ranked = rank(given, planned(given), "r1")
    assert [c.volunteers for c in ranked[:2]] == [("near",), ("far",)]
    assert [(c.start, c.gain, c.travel) for c in ranked[:2]] == [(0, 1000, 0), (30, 940, 60)]
    assert {c.volunteers[0]: c.why_not for c in ranked[2:]} == {
        "unskilled": "nobody_certified",
        "foreign": "nobody_speaks",
        "blocked": "all_blocked",
        "distant": "too_far",
        "asleep": "no_common_hours",
        "tired": "limits_reached",
    }


def test_somebody_whose_hours_are_full_is_taken_by_others() -> None:
    people = [volunteer("v1", hours=[(0, 50)])]
    given = problem(people, [request("r1", prize=2000), request("r2")])
    ranked = rank(given, planned(given), "r2")
    assert [(c.volunteers, c.why_not) for c in ranked] == [(("v1",), "taken_by_others")]


def test_a_visit_of_the_plan_is_taken_as_not_made() -> None:
    given = problem([volunteer("v1"), volunteer("v2", 3)], [request()])
    ranked = rank(given, planned(given), "r1")
    assert [(c.volunteers, c.gain) for c in ranked] == [(("v1",), 980), (("v2",), 960)]


def test_one_volunteer_may_come_on_several_days() -> None:
    given = problem([volunteer("v1", hours=[(0, 300), (1440, 1740)])], [request()], day_waited=4)
    ranked = rank(given, planned(given), "r1")
    assert [(c.shifts, c.start, c.gain) for c in ranked] == [(("v1-0",), 10, 980), (("v1-1",), 1450, 976)]


def test_two_new_people_are_ranked_together_and_a_helper_alone() -> None:
    people = [volunteer("v1"), volunteer("v2", 2), volunteer("v3", 4, skills=[])]
    given = problem(people, [request(team=2)])
    ranked = rank(given, planned(given), "r1")
    assert [tuple(sorted(c.volunteers)) for c in ranked] == [("v1", "v2"), ("v1", "v3"), ("v2", "v3")]
    half = problem(people, [request(team=2)], [promise("r1", {"v1": "v1-0"}, 100)])
    assert [c.volunteers for c in rank(half, planned(half), "r1")] == [("v2",), ("v3",)]


def test_a_promise_with_everybody_has_no_candidates_and_an_unknown_request_is_an_error() -> None:
    given = problem([volunteer()], [request()], [promise("r1", {"v1": "v1-0"}, 60)])
    assert rank(given, planned(given), "r1") == []
    with pytest.raises(KeyError):
        rank(given, planned(given), "r9")


def test_a_candidate_carries_what_speaks_for_them() -> None:
    given = problem([volunteer()], [request(earlier="v1")])
    assert "knows_person" in {w["code"] for w in rank(given, planned(given), "r1")[0].why}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_candidate_is_legal_and_gains_exactly_what_is_said(seed: int) -> None:
    given = generate(40, 12, 7, seed=seed)
    plan = solve(given, Iterations(30), seed=1).plan
    fresh = {s.id for v in given.volunteers for s in v.shifts} - {s for v in plan.visits for s in v.shifts}
    tried = 0
    for entry in plan.unserved:
        for candidate in rank(given, plan, entry.request):
            # In an empty shift no other start moves, so the plan with one visit more can be judged as it is.
            if candidate.start is None or candidate.gain is None or not set(candidate.shifts) <= fresh:
                continue
            tried += 1
            more = Visit(entry.request, candidate.volunteers, candidate.shifts, candidate.start)
            longer = type(plan)(**{**{n: getattr(plan, n) for n in plan.__slots__}, "visits": (*plan.visits, more)})
            report = check(given, longer)
            assert {v.code for v in report.violations} <= {"served_and_listed", "objective", "gap", "bound"}
            assert report.objective.total - plan.objective.total == candidate.gain
    served = {v.request for v in plan.visits}
    for name in sorted(served)[:6]:
        best = next(c for c in rank(given, plan, name) if c.gain is not None)
        assert best.gain is not None and best.gain > 0
        tried += 1
    assert tried >= 6
