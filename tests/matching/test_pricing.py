"""Pricing within the time there is: a search that cannot be interrupted begins no longer than it may take."""

from __future__ import annotations

import time

import numpy as np
import pytest

from matching.engine.prepare import Prepared
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.columns import Blocks
from matching.exact.cuts import Cuts
from matching.exact.master import Duals
from matching.exact.pricing import MOST_STEPS, Care, Pricing, in_time
from matching.exact.warm import warm
from matching.stop import Clocked, Iterations, Seconds
from tests.matching.build import problem, request, volunteer

FOREVER = Clocked(Iterations(10**9))
# A round so careful that the shift below takes it a quarter of a minute, and a hasty one.
CAREFUL, HASTY = Care(10 * MOST_STEPS, 12, 1), Care(100, 1, 1)
Shift = tuple[Pricing, Duals, Cuts]


@pytest.fixture(scope="module")
def long_runs() -> Shift:
    """One shift in which twenty of sixty visits fit, at prices of nothing: far more runs than can be listed."""
    warm(say=False)
    asked = [request(f"r{n}", 1 + n % 5, prize=100 + n, duration=10) for n in range(60)]
    search = Search(Prepared(problem([volunteer(hours=[(0, 400)], max_visits_per_week=60)], asked)), 1)
    prep = search.prep
    sizes = (len(prep.requests), len(prep.shifts), len(prep.done), len(prep.volunteers), 0)
    pricing = Pricing(Blocks(search.moves, State(prep), search.arrays))
    return pricing, Duals(*(np.zeros(n, np.int64) for n in sizes)), Cuts(prep.slot, len(prep.requests))


def test_without_a_clock_a_search_takes_its_steps_and_with_one_what_the_time_allows() -> None:
    assert in_time(MOST_STEPS, FOREVER) == MOST_STEPS
    assert in_time(1_000, Clocked(Seconds(60))) == 1_000
    assert 1_000 < in_time(MOST_STEPS, Clocked(Seconds(0.1))) < MOST_STEPS // 10
    assert in_time(MOST_STEPS, Clocked(Seconds(-1))) == 0


def test_listing_all_runs_ends_with_the_time(long_runs: Shift) -> None:
    pricing, duals, cuts = long_runs
    assert pricing.price(duals, cuts, FOREVER, HASTY) is not None
    began = time.process_time()
    assert pricing.every(duals, 2**40, 1_000, Clocked(Seconds(0.05))) is None
    assert time.process_time() - began < 0.3


def test_a_careful_round_ends_with_the_time_and_its_bound_holds(long_runs: Shift) -> None:
    pricing, duals, cuts = long_runs
    began = time.process_time()
    short = pricing.price(duals, cuts, Clocked(Seconds(0.2)), CAREFUL)
    assert time.process_time() - began < 1
    assert short is not None and short.bound is not None
    # Twelve good runs are known, and what was not looked at is in the bound.
    assert short.columns and max(column.profit for column in short.columns) <= short.bound
