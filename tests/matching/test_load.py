"""Any legal plan can be gone on from: what is loaded is worth what the judge says, and is published as it was."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.load import load_state
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, visits
from matching.engine.state import ALONE
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.build import planned, problem, promise, request, volunteer
from tests.matching.small import random_problem
from tests.sizes import size

EXAMPLES = size(100, 1000, "random plans loaded")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**9))
def test_a_loaded_plan_is_the_plan(seed: int) -> None:
    whole = random_problem(seed, requests=6, volunteers=4)
    plan = solve(whole, Iterations(5), seed=1).plan
    state = load_state(Prepared(whole), plan)
    assert objective(state) == plan.objective
    assert [(v.request, set(v.shifts), v.start) for v in visits(state)] == [
        (v.request, set(v.shifts), v.start) for v in plan.visits
    ]


def test_a_pair_that_fills_a_seat_of_its_own_promise_after_another_visit_is_loaded_whole() -> None:
    people = [volunteer("v1"), volunteer("v2")]
    asked = [request("r1", 1, team=2), request("r2", 2, team=2, windows=[[0, 60]])]
    given = problem(people, asked, [promise("r1", {"v1": "v1-0"}, 100)])
    both = problem(people, asked, [promise("r1", {"v1": "v1-0", "v2": "v2-0"}, 100)])
    plan = planned(both)
    assert [(v.request, v.start) for v in plan.visits] == [("r1", 100), ("r2", 20)]
    state = load_state(Prepared(given), plan)
    assert state.runs == [(1, 0), (1, 0)] and state.mate == [1, 0] and ALONE not in state.mate
    assert state.total == plan.objective.total
