"""One urgent request: the best way is found, it gains exactly what is said, and the judge agrees with the new plan."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.check import check
from matching.format import Plan, Problem
from matching.generate import generate
from matching.insert import Alternative, Desk
from tests.matching.seats import best_insertion, standing_plan
from tests.matching.small import random_problem
from tests.sizes import size

EXAMPLES = size(150, 1500, "random insertions against brute force")


def as_said(problem: Problem, before: Plan, one: Alternative, after: Plan) -> None:
    """The plan after an alternative is legal, gains what was said, and differs only where that was said."""
    assert check(problem, after).violations == ()
    assert after.objective.total - before.objective.total == one.gain
    was, now = ({v.request: v for v in plan.visits} for plan in (before, after))
    gone = one.displaced.request if one.displaced else None
    assert now[one.request].start == one.start
    assert set(one.shifts) <= set(now[one.request].shifts)
    moved = {m.request: (m.before, m.after) for m in one.moved}
    for request, visit in was.items():
        if request == gone:
            continue
        assert set(visit.shifts) <= set(now[request].shifts)
        if request != one.request:
            assert visit.shifts == now[request].shifts
            assert moved.get(request, (visit.start, visit.start)) == (visit.start, now[request].start)
    assert set(now) - set(was) <= {one.request} and set(was) - set(now) <= {gone}


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**9))
def test_the_best_way_is_that_of_brute_force_and_every_way_is_legal(seed: int) -> None:
    rng = random.Random(seed)
    problem = random_problem(seed, requests=5, volunteers=4)
    urgent = rng.choice(problem.requests).id
    plan = standing_plan(problem, rng.choice((0, 10)), urgent)
    assert check(problem, plan).violations == ()
    ways = Desk(problem, plan).insert(urgent, most=50)
    best = best_insertion(problem, plan, urgent)
    assert (ways[0].gain + plan.objective.total if ways else None) == best
    assert [way.gain for way in ways] == sorted((way.gain for way in ways), reverse=True)
    for i in range(len(ways)):
        desk = Desk(problem, plan)
        way = desk.insert(urgent, most=50)[i]
        as_said(problem, plan, way, desk.apply(way))


def test_in_a_large_plan_one_request_after_another_is_seated_as_said() -> None:
    seen = {"pair": 0, "displaced": 0, "displaced by two": 0, "reseated": 0, "moved": 0}
    for seed in range(3):
        problem = generate(80, 24, 7, seed=seed)
        urgent = [r.id for r in problem.requests if r.team == 2 or r.id.endswith("7")]
        plan = standing_plan(problem, 0, *urgent)
        desk = Desk(problem, plan)
        for request in urgent:
            ways = desk.insert(request)
            if not ways:
                continue
            way = ways[len(request) % len(ways)]
            after = desk.apply(way)
            as_said(problem, plan, way, after)
            plan = after
            seen["pair"] += len(way.volunteers) == 2
            seen["displaced"] += way.displaced is not None
            seen["displaced by two"] += way.displaced is not None and len(way.volunteers) == 2
            seen["reseated"] += way.displaced is not None and way.displaced.becomes is not None
            seen["moved"] += bool(way.moved)
    assert min(seen.values()) >= 1, seen
