"""How much is planned at once: a small problem as a whole, a larger one also part by part, a region only so."""

from __future__ import annotations

from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.arrays import Arrays
from matching.exact.columns import Blocks
from matching.exact.generation import Generation
from matching.exact.regions import Regions
from matching.stop import Clocked, Stop

# Up to so many requests are planned as a whole to the end; beyond the second number only part by part.
WHOLE, MOST_AT_ONCE = 300, 2_000


def plan_exactly(search: Search, base: State, state: State, bound: int, stop: Stop) -> tuple[State, int]:
    """A better plan than `state`, and a lower bound than `bound` that no plan exceeds."""
    steps = Clocked(stop, search.iterations)
    arrays = search.arrays
    count = len(search.open)
    if count > MOST_AT_ONCE:
        state = _in_parts(search, arrays, state, steps).state
    else:
        generation = Generation(Blocks(search.moves, base, arrays), state, bound, steps)
        generation.relax()
        generation.dive()
        if count > WHOLE and not generation.done():
            regions = _in_parts(search, arrays, generation.state, steps)
            generation.improve(regions.state, regions.pool)
        generation.close()
        state, bound = generation.state, generation.bound
    search.iterations = steps.done
    return state, bound


def _in_parts(search: Search, arrays: Arrays, state: State, steps: Clocked) -> Regions:
    regions = Regions(search.moves, arrays, state, steps, search.rng)
    regions.run()
    return regions
