"""How much is planned at once: a small problem as a whole, a larger one also part by part, a region only so.

Where runs are long the search goes first: pricing lists runs of a few visits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.columns import Blocks, Pool
from matching.exact.field import Field
from matching.exact.generation import Generation
from matching.exact.large import Large
from matching.exact.met import Met
from matching.exact.regions import Regions
from matching.exact.relaxation import Relaxation
from matching.exact.whole import choose
from matching.progress import Progress
from matching.stop import Clocked, Either, Iterations, Seconds, Stop
from matching.swift.local import GENTLE, PATIENT, Pace

# Up to so many requests are planned as a whole to the end; beyond the second number only part by part.
WHOLE, MOST_AT_ONCE = 300, 2_000
# A run of more visits than this is long.
LONG = 8


class Effort(NamedTuple):
    """For ruin and recreate: at most this share of the time left, and so many looks at the stop rule a request."""

    share: float
    looks: int
    pace: Pace


# Rounds of first-order prices before the simplex, and the share of the time that they may take; how near their bound
# is to come, and columns of which reduced worth, in points below 0, go on.
SETTLE, PROVE, FIRST_ORDER, GOAL, NEAR = 20, 3, 0.2, 0.0005, 60
# Where runs are long: turns of search and choice, and the share of the time left for a choice.
TURNS, CHOICE = 3, 0.1
# Share of the time left for parts of the plan.
PARTS = 0.85
LONG_RUNS, BETWEEN = Effort(0.85, 100, PATIENT), Effort(0.2, 1, GENTLE)


def plan_exactly(
    search: Search, base: State, state: State, bound: int, stop: Stop, progress: Progress, workers: int = 1
) -> tuple[State, int]:
    """A better plan than `state`, and a lower bound than `bound` that no plan exceeds."""
    steps = Clocked(stop, search.iterations, progress)
    if max(map(len, state.runs), default=0) > LONG:
        state = _in_long_runs(search, base, state, bound, steps)
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
    pool = Pool()
    if len(search.open) > WHOLE:
        bound = _begun(search, base, state, bound, steps, pool)
    generation = Generation(Blocks(search.moves, base, search.arrays), state, bound, steps, pool)
    generation.relax()
    generation.dive()
    if not generation.done():
        better = _searched(search, generation.state, generation.bound, steps, BETWEEN)
        generation.improve(better, Pool())
    if len(search.open) > WHOLE and not generation.done():
        regions = Regions(
            search.moves, search.arrays, generation.state, steps.share(PARTS), search.rng, known=generation.promising()
        )
        regions.run()
        generation.improve(regions.state, regions.pool)
    generation.close()
    return generation.state, generation.bound


def _in_long_runs(search: Search, base: State, state: State, bound: int, steps: Clocked) -> State:
    """A better plan by ruin and recreate and by the best choice of the runs met there, in turn."""
    if len(search.open) > MOST_AT_ONCE:
        return _searched(search, state, bound, steps, LONG_RUNS)
    blocks = Blocks(search.moves, base, search.arrays)
    met = Met(blocks, state)
    for turns in range(TURNS, 0, -1):
        effort = LONG_RUNS._replace(share=LONG_RUNS.share / turns, looks=LONG_RUNS.looks // TURNS)
        state = _searched(search, state, bound, steps, effort, met.see)
        if state.total >= bound or steps.struck():
            break
        left = steps.left()
        found = choose(blocks, met.columns(), state, None if left is None else left * CHOICE).state
        if found is not None and found.total > state.total:
            state = found
            steps.progress.told(state)
        steps.step()
    return state


def _searched(
    search: Search,
    state: State,
    bound: int,
    steps: Clocked,
    effort: Effort,
    met: Callable[[State], None] | None = None,
) -> State:
    """A better plan by ruin and recreate, for a share of the time."""
    most, left = Iterations(steps.done + effort.looks * len(search.open)), steps.left()
    rules = (steps.rule, most) if left is None else (steps.rule, most, Seconds(left * effort.share))
    rule = Clocked(Either(*rules), steps.done)
    state = search.local.improve(state, rule, bound, effort.pace, met)
    steps.done = rule.done
    return state


def _begun(search: Search, base: State, state: State, bound: int, steps: Clocked, pool: Pool) -> int:
    """The runs that are good at first-order prices to `pool`, so that the simplex begins near its end; the bound."""
    columns = Field(search.moves, base, search.arrays)
    relaxation = Relaxation(columns, state, bound, steps.share(FIRST_ORDER))
    relaxation.settle(SETTLE)
    relaxation.prove(PROVE, GOAL)
    for column in relaxation.near(NEAR):
        pool.add(column)
    return relaxation.bound
