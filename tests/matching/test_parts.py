"""A part of a problem is a problem: what it decides is worth the same in the whole."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.check import check
from matching.format import Plan, Problem, dump_problem, parse_problem
from matching.generate import generate
from matching.parts import Part, closure, merged, part_of
from matching.solve import solve
from matching.stop import Iterations
from matching.travel import tables
from tests.matching.build import crews, planned, problem, promise, request, volunteer
from tests.matching.small import random_problem
from tests.sizes import size

EXAMPLES = size(80, 800, "random parts put back")


def judged(whole: Problem, plan: Plan) -> Plan:
    assert check(whole, plan).violations == ()
    return plan


def replaced(whole: Problem, plan: Plan, part: Part, iterations: int) -> None:
    """Solve the part anew and put it back: the whole gains exactly what the part gains."""
    judged(part.problem, part.plan)
    assert parse_problem(dump_problem(part.problem)) == part.problem
    other = judged(part.problem, solve(part.problem, Iterations(iterations), seed=iterations).plan)
    after = judged(whole, merged(whole, plan, part, other))
    assert after.objective.total - other.objective.total == plan.objective.total - part.plan.objective.total
    outside = [visit for visit in plan.visits if visit.request not in part.requests]
    assert [visit for visit in after.visits if visit.request not in part.requests] == outside


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**9))
def test_the_whole_gains_what_a_part_gains_with_pairs_promises_and_conflicts(seed: int) -> None:
    rng = random.Random(seed)
    whole = random_problem(seed, requests=6, volunteers=5)
    plan = judged(whole, solve(whole, Iterations(rng.randint(0, 5)), seed=2).plan)
    some = [v.id for v in whole.volunteers if rng.random() < 0.5]
    asked = [r.id for r in whole.requests if rng.random() < 0.7]
    replaced(whole, plan, part_of(whole, plan, some, asked), rng.choice((0, 20)))


@pytest.mark.parametrize(("seed", "radomir"), [(1, False), (2, True), (3, True)])
def test_a_part_of_a_large_problem_travels_the_same_minutes(seed: int, radomir: bool) -> None:
    whole = generate(60, 20, 7, seed=seed, radomir=radomir)
    plan = judged(whole, solve(whole, Iterations(0), seed=1).plan)
    part = part_of(whole, plan, [v.id for v in whole.volunteers[::3]], [r.id for r in whole.requests[::2]])
    assert 0 < len(part.volunteers) < 20 and 0 < len(part.requests) < 60
    replaced(whole, plan, part, 20)
    large, small = tables(whole), tables(part.problem)
    home = {v.id: v for v in whole.volunteers}
    place = {r.id: r for r in whole.requests}
    for v in part.problem.volunteers:
        for r in part.problem.requests:
            if r.place is not None:
                way = large[v.mode][home[v.id].home][place[r.id].place or 0]
                assert small[v.mode][v.home][r.place] == way


def test_two_places_of_equal_coordinates_stay_two() -> None:
    whole = problem([volunteer("v1"), volunteer("v2", 1)], [request(place=1), request("r2", 0)])
    assert whole.xy_km is not None
    twins = parse_problem(dump_problem(whole) | {"places": {"xy_km": [[0, 0], [0, 0], [5, 0], [0, 0], [0, 0], [0, 0]]}})
    plan = planned(twins)
    part = part_of(twins, plan, ["v1", "v2"], [])
    assert part.problem.xy_km == ((0.0, 0.0), (0.0, 0.0))
    assert part.plan.objective == plan.objective


def test_people_tied_by_a_promise_or_a_visit_come_together() -> None:
    people = [volunteer(f"v{i}", hours=[(0, 300), (1440, 1740)]) for i in range(1, 6)]
    given = problem(
        people,
        [request("r1", team=2), request("r2", team=2, preferred=["v2", "v3"])],
        [promise("r1", {"v1": "v1-1", "v2": "v2-1"}, 1500)],
        preferred=500,
    )
    plan = planned(given)
    assert crews(plan) == {"r1": ("v1", "v2"), "r2": ("v2", "v3")}
    assert closure(given, plan, ["v3"]) == {"v1", "v2", "v3"}
    assert part_of(given, plan, ["v3"]).requests == {"r1", "r2"}
    assert part_of(given, plan, ["v4"]).requests == frozenset()


def test_a_request_that_somebody_else_visits_stays_out_and_unknown_ids_are_errors() -> None:
    given = problem([volunteer("v1"), volunteer("v2", 5)], [request("r1"), request("r2", skills=["B"])])
    plan = planned(given)
    assert crews(plan) == {"r1": ("v1",)}
    assert part_of(given, plan, ["v2"], ["r1", "r2"]).requests == {"r2"}
    with pytest.raises(KeyError, match="v9"):
        part_of(given, plan, ["v9"])
    with pytest.raises(KeyError, match="r9"):
        part_of(given, plan, ["v1"], ["r9"])


def test_what_a_part_leaves_out_is_said_with_its_reason() -> None:
    given = problem([volunteer("v1", hours=[(0, 60)])], [request("r1"), request("r2", skills=["B"])])
    plan = planned(given)
    part = part_of(given, plan, ["v1"])
    emptied = solve(parse_problem(dump_problem(part.problem) | {"weights": {"travel": 9999}}), Iterations(3)).plan
    after = merged(given, plan, part, emptied)
    assert [(entry.request, entry.reason) for entry in after.unserved] == [
        ("r1", "not_worth"),
        ("r2", "nobody_certified"),
    ]
    assert check(given, after).violations == ()
