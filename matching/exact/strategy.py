"""How much is planned at once: a small problem as a whole, a larger one also part by part, a region only so.

Where runs are long the search goes first: pricing lists runs of a few visits.
"""

from __future__ import annotations

from typing import NamedTuple

from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.arrays import Arrays
from matching.exact.columns import Blocks, Pool
from matching.exact.generation import Generation
from matching.exact.large import Large
from matching.exact.regions import Regions
from matching.progress import Progress
from matching.stop import Clocked, Either, Iterations, Seconds, Stop

# Up to so many requests are planned as a whole to the end; beyond the second number only part by part.
WHOLE, MOST_AT_ONCE = 300, 2_000
# A run of more visits than this is long.
LONG = 8


class Effort(NamedTuple):
    """For ruin and recreate: at most this share of the time left, and so many looks at the stop rule a request."""

    share: float
    looks: int
    gentle: bool


LONG_RUNS, BETWEEN = Effort(0.85, 100, False), Effort(0.2, 1, True)


def plan_exactly(
    search: Search, base: State, state: State, bound: int, stop: Stop, progress: Progress, workers: int = 1
) -> tuple[State, int]:
    """A better plan than `state`, and a lower bound than `bound` that no plan exceeds."""
    steps = Clocked(stop, search.iterations, progress)
    if max(map(len, state.runs), default=0) > LONG:
        state = _searched(search, state, bound, steps, LONG_RUNS)
    count = len(search.open)
    if count > MOST_AT_ONCE:
        large = Large(search, base, state, bound, steps)
        large.run(workers)
        state, bound = large.state, large.bound
    else:
        state, bound = _as_a_whole(search, base, state, bound, steps)
    search.iterations = steps.done
    return state, bound


def _as_a_whole(search: Search, base: State, state: State, bound: int, steps: Clocked) -> tuple[State, int]:
    generation = Generation(Blocks(search.moves, base, search.arrays), state, bound, steps)
    generation.relax()
    generation.dive()
    if not generation.done():
        better = _searched(search, generation.state, generation.bound, steps, BETWEEN)
        generation.improve(better, Pool())
    if len(search.open) > WHOLE and not generation.done():
        regions = _in_parts(search, search.arrays, generation.state, steps)
        generation.improve(regions.state, regions.pool)
    generation.close()
    return generation.state, generation.bound


def _searched(search: Search, state: State, bound: int, steps: Clocked, effort: Effort) -> State:
    """A better plan by ruin and recreate, for a share of the time."""
    most, left = Iterations(steps.done + effort.looks * len(search.open)), steps.left()
    rules = (steps.rule, most) if left is None else (steps.rule, most, Seconds(left * effort.share))
    rule = Clocked(Either(*rules), steps.done)
    state = search.local.improve(state, rule, bound, effort.gentle)
    steps.done = rule.done
    return state


def _in_parts(search: Search, arrays: Arrays, state: State, steps: Clocked) -> Regions:
    regions = Regions(search.moves, arrays, state, steps, search.rng)
    regions.run()
    return regions
