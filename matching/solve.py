"""`solve(problem, stop, seed)`: the best plan found, and how near the optimum it surely is; no files."""

from __future__ import annotations

import time
from dataclasses import dataclass

from matching.engine.bound import upper_bound
from matching.engine.load import allow_odd_minutes, load_state
from matching.engine.nearest import with_nearest
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, unserved, visits
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.strategy import plan_exactly
from matching.format import Plan, Problem
from matching.progress import LAST, SEARCH, Progress
from matching.stop import Stop
from matching.swift.local import GENTLE

__all__ = ["Result", "solve"]


@dataclass(frozen=True, slots=True)
class Result:
    """`plan` is complete and publishable; `iterations` counts the search's steps after the first plan."""

    plan: Plan
    iterations: int


def solve(
    problem: Problem,
    stop: Stop,
    seed: int = 1,
    start: Plan | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Result:
    """Plan the visits of `problem` until `stop(iterations)` is True, from a legal plan `start` where one is given.

    `progress` is told of every step on the way.

    Deterministic for equal problem, seed and number of iterations (`plan.seconds` aside). The status is
    `optimal` only where the total reaches a bound that no plan can exceed, else `feasible`; whoever set a
    time limit knows whether it struck and says `time_limit`.
    """
    began, progress = time.monotonic(), progress or Progress()
    prep = Prepared(problem)
    given = None if start is None else load_state(prep, start)
    if given is not None:
        allow_odd_minutes(prep, given)
    search = Search(prep, seed)
    base = State(prep)
    bound = upper_bound(search.moves, base)
    state = search.first(stop, bound) if given is None else given
    progress.told(state, bound)
    if state.total < bound and not stop(search.iterations):
        state, bound = plan_exactly(search, base, state, bound, stop, progress, workers)
    progress.begin(SEARCH)
    state = search.better(state, stop, bound, GENTLE)
    progress.told(state, bound)
    progress.begin(LAST)
    state = search.finish(state)
    progress.told(state, bound)
    return Result(_published(search, base, state, bound, began, seed), search.iterations)


def _published(search: Search, base: State, state: State, bound: int, began: float, seed: int) -> Plan:
    """The plan as others read it, with the reasons of whoever is left out."""
    return Plan(
        visits=visits(state),
        unserved=with_nearest(search.moves, state, base, unserved(search.moves, state, base)),
        promise_conflicts=tuple(search.prep.shifts[s].id for s in search.prep.conflicts),
        objective=objective(state),
        bound=bound,
        gap=(bound - state.total) / max(1, abs(bound)),
        status="optimal" if bound == state.total else "feasible",
        seconds=round(time.monotonic() - began, 3),
        seed=seed,
    )
