"""Against every plan there is: on small problems that use all rules and may break the triangle inequality."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.check import check
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.small import best_total, random_problem
from tests.sizes import size

EXAMPLES = size(150, 1500, "random problems against brute force")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from((2, 3)))
def test_a_plan_is_legal_and_never_better_than_the_best_and_the_bound_is_never_below_it(seed: int, asked: int) -> None:
    problem = random_problem(seed, requests=asked, volunteers=3)
    plan = solve(problem, Iterations(60), seed=1).plan
    assert check(problem, plan).violations == ()
    best = best_total(problem)
    assert plan.objective.total <= best
    assert plan.bound is not None and plan.bound >= best
    if plan.status == "optimal":
        assert plan.objective.total == best


def test_on_a_fixed_set_of_small_problems_the_best_plan_is_found_nearly_always() -> None:
    seeds = range(5000, 5000 + size(200, 2000, "small problems solved to the optimum"))
    missed = [
        seed
        for seed in seeds
        if solve(random_problem(seed), Iterations(100), seed=1).plan.objective.total != best_total(random_problem(seed))
    ]
    assert len(missed) <= len(seeds) // 200


def test_the_random_problems_do_use_pairs_promises_helpers_and_conflicts() -> None:
    seen = {"pair": 0, "promise": 0, "helper": 0, "conflict": 0}
    for seed in range(400):
        problem = random_problem(seed)
        plan = solve(problem, Iterations(20), seed=1).plan
        promised = {p.request: len(p.volunteers) for p in problem.promises}
        seen["conflict"] += len(plan.promise_conflicts)
        for visit in plan.visits:
            seen["promise"] += visit.request in promised
            seen["pair"] += visit.request not in promised and len(visit.volunteers) == 2
            seen["helper"] += promised.get(visit.request, 9) < len(visit.volunteers)
    assert min(seen.values()) >= 3, seen
