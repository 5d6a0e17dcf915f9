"""Ranked insertion: the most valuable request first, each where it gains most. No second thoughts."""

from __future__ import annotations

import time

from benchmarks.rivals.mend import Bench, complete, published
from matching.format import Plan, Problem


def plan(problem: Problem, seconds: float) -> Plan:
    """The plan of ranked insertion by prize; it needs no time limit."""
    began = time.process_time()
    bench = Bench.of(problem)
    state = bench.base.copy()
    complete(bench, state)
    return published(bench, state, time.process_time() - began)
