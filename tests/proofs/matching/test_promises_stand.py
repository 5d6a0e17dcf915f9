"""What people have promised stays with them and at its time, whoever plans and whatever is inserted or repaired."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.format import Plan, Problem
from matching.insert import Desk
from matching.repair import Away, Change, repair
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.small import random_problem
from tests.sizes import size

EXAMPLES = size(100, 1000, "random problems with promises")


def stand(problem: Problem, plan: Plan) -> None:
    made = {visit.request: visit for visit in plan.visits}
    for promise in problem.promises:
        visit = made[promise.request]
        crew = set(zip(visit.volunteers, visit.shifts, strict=True))
        assert set(zip(promise.volunteers, promise.shifts, strict=True)) <= crew
        assert visit.start == promise.start


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**9))
def test_promises_stand(seed: int) -> None:
    rng = random.Random(seed)
    problem = random_problem(seed, requests=6, volunteers=5)
    # Dear requests that nobody promised press hardest on the promises.
    dear = tuple(replace(r, prize=r.prize * rng.choice((1, 1000))) for r in problem.requests)
    problem = replace(problem, requests=dear)
    plan = solve(problem, Iterations(rng.choice((0, 20))), seed=1).plan
    stand(problem, plan)
    desk = Desk(problem, plan)
    for entry in plan.unserved:
        for way in desk.insert(entry.request)[:1]:
            stand(problem, desk.apply(way))
    away = Away(rng.choice(problem.volunteers).id, rng.choice((None, frozenset({0}))))
    found = repair(problem, plan, Change(away=(away,)), Iterations(10), seed=1)
    stand(found.problem, found.plan)
    kept = {
        (p.request, v)
        for p in problem.promises
        for v, s in zip(p.volunteers, p.shifts, strict=True)
        if v != away.volunteer or (away.days is not None and not s.endswith("-0"))
    }
    assert kept == {(p.request, v) for p in found.problem.promises for v in p.volunteers}
