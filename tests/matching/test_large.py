"""Problems too large for simplex prices, on small ones: bounds hold, plans are legal, a death costs no plan."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from matching.check import check
from matching.engine.bound import upper_bound
from matching.engine.prepare import Prepared
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact import large, strategy
from matching.exact.columns import Blocks
from matching.exact.field import Field
from matching.exact.generation import Generation
from matching.exact.master import Duals
from matching.exact.programme import Programme
from matching.exact.relaxation import Relaxation
from matching.exact.scale import SCALE
from matching.exact.wide import Effort, WidePricing
from matching.format import Problem
from matching.generate import generate
from matching.solve import solve
from matching.stop import Clocked, Iterations, Seconds
from tests.matching.small import best_total, random_problem

FOREVER = Clocked(Iterations(10**9))


def field_of(problem: Problem) -> tuple[Search, State, Field]:
    search, base = Search(Prepared(problem), 1), State(Prepared(problem))
    base.prep = search.prep
    return search, base, Field(search.moves, base, search.arrays)


def drawn(rng: random.Random, size: int, most: int) -> np.ndarray:
    return np.array([rng.randrange(most * SCALE) if rng.random() < 0.7 else 0 for _ in range(size)], dtype=np.int64)


def test_any_prices_prove_a_bound_that_no_plan_exceeds() -> None:
    for seed in range(60):
        problem, rng = random_problem(seed, requests=4), random.Random(seed)
        _, base, field = field_of(problem)
        pricing, programme, best = WidePricing(field), Programme(field), best_total(problem)
        for lower, pairs in ((0, 1000), (100 * SCALE, 1000), (0, 0)):
            sizes = (programme.shift, programme.week - programme.shift, programme.person - programme.week)
            request, shift, week = (drawn(rng, size, 300) for size in sizes)
            idle = drawn(rng, programme.rows - programme.person, 20)
            duals = Duals(request, shift, week, idle, np.zeros(0, dtype=np.int64))
            priced = pricing.price(duals, Effort(3, 2, pairs, lower), FOREVER)
            assert priced is not None and priced.bound is not None
            assert base.total <= best <= priced.bound, seed


def test_searches_cut_short_still_prove_a_bound() -> None:
    for seed in range(30):
        problem = random_problem(seed, requests=4)
        _, _, field = field_of(problem)
        pricing, programme = WidePricing(field), Programme(field)
        priced = pricing.price(programme.duals(programme.price), Effort(1, 1, 1000, steps=1), FOREVER)
        assert priced is not None and priced.bound is not None and priced.bound >= best_total(problem)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_first_order_prices_come_to_the_bound_of_the_simplex(seed: int) -> None:
    problem = generate(60, 15, 7, seed, True)
    search, base, field = field_of(problem)
    state = search.first(Iterations(0), 2**60)
    simplex = Generation(Blocks(search.moves, base, search.arrays), state, upper_bound(search.moves, base), FOREVER)
    simplex.relax()
    relaxation = Relaxation(field, state, 2**60, FOREVER)
    relaxation.settle(20)
    relaxation.prove(20, 0.0001)
    assert relaxation.bound >= simplex.state.total
    assert abs(relaxation.bound - simplex.bound) <= 0.002 * simplex.bound
    plan = relaxation.descend(0.05)
    assert 0.97 * relaxation.bound <= plan.total <= relaxation.bound


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategy, "MOST_AT_ONCE", 0)


@pytest.mark.usefixtures("all_are_large")
def test_plans_of_awkward_problems_are_legal_and_their_bounds_hold() -> None:
    for seed in range(40):
        problem = random_problem(seed, requests=4)
        plan = solve(problem, Iterations(40)).plan
        assert check(problem, plan).violations == ()
        assert plan.bound is not None and plan.objective.total <= best_total(problem) <= plan.bound


@pytest.mark.usefixtures("all_are_large")
def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    problem = generate(120, 30, 7, 4, True)
    one, two = (solve(problem, Iterations(60), seed=7).plan for _ in range(2))
    assert (one.visits, one.bound) == (two.visits, two.bound)


@pytest.mark.usefixtures("all_are_large")
def test_with_a_helper_the_plan_is_legal_and_near_the_bound() -> None:
    problem = generate(120, 30, 7, 4, True)
    plan = solve(problem, Seconds(8), workers=2).plan
    assert check(problem, plan).violations == ()
    assert plan.gap is not None and 0 <= plan.gap < 0.03


@pytest.mark.usefixtures("all_are_large")
def test_a_helper_that_dies_costs_the_bound_and_not_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = generate(120, 30, 7, 4, True)
    monkeypatch.setattr(large, "prove", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    plan = solve(problem, Seconds(3), workers=2).plan
    assert check(problem, plan).violations == ()
    assert len(plan.visits) > 60


SLEEPER = """
import sys, time
from matching.exact.helper import Helper
from matching.exact.helper import Orphaned
def work(line):
    # On a busy machine whoever forked it may be dead before its first step.
    time.sleep(0.5)
    stop = Orphaned()
    while not stop(0):
        time.sleep(0.01)
helper = Helper(work)
print(helper.process.pid, flush=True)
time.sleep(60)
"""


def test_where_this_process_is_killed_no_helper_is_left() -> None:
    root = Path(strategy.__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", SLEEPER], stdout=subprocess.PIPE, text=True, cwd=root)
    assert parent.stdout is not None
    helper = int(parent.stdout.readline())
    assert _lives(helper)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while _lives(helper) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(helper)


def _lives(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
