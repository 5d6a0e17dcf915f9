"""One search for one problem: a first plan, better ones step by step, and a last pass."""

from __future__ import annotations

import random
from functools import cached_property

from matching.engine.last import LastPass
from matching.engine.moves import Moves
from matching.engine.prepare import Prepared
from matching.engine.state import State
from matching.exact.arrays import Arrays, to_arrays
from matching.stop import Clocked, Either, Iterations, Stop
from matching.swift.local import STEADY, LocalSearch, Pace

# Steps before the exact part begins.
FIRST_STEPS = 10


class Search:
    """Everything random comes from `seed`. `iterations` counts the times that a stop rule was asked."""

    def __init__(self, prep: Prepared, seed: int) -> None:
        self.prep = prep
        self.moves = Moves(prep)
        self.rng = random.Random(seed)  # noqa: S311 - a search, not a secret
        self.iterations = 0
        options = self.moves.options
        self.open = [
            r
            for r in range(len(prep.requests))
            if options.wanted(r) and (options.single[r] or (options.is_pair(r) and options.members(r)))
        ]
        self._last = LastPass(self.moves, self.open)
        self._seed = seed

    @cached_property
    def arrays(self) -> Arrays:
        return to_arrays(self.prep)

    @cached_property
    def local(self) -> LocalSearch:
        return LocalSearch(self.moves, self.arrays, self.open, self._seed)

    def first(self, stop: Stop, bound: int) -> State:
        """A first plan, and the first steps from it."""
        base = State(self.prep)
        if not self.open:
            return base
        state = self.local.first(base, stop)
        return self.better(state, Either(stop, Iterations(FIRST_STEPS)), bound)

    def better(self, best: State, stop: Stop, bound: int, pace: Pace = STEADY) -> State:
        """The best plan found from `best` on before `stop`, or one that reaches `bound`."""
        if len(self.open) < 2 or best.total >= bound or stop(self.iterations):
            return best
        steps = Clocked(stop, self.iterations)
        best = self.local.improve(best, steps, bound, pace)
        self.iterations = steps.done
        return best

    def finish(self, best: State) -> State:
        """The plan with nothing left out that would gain, and equals in order of age."""
        return self._last.over(best)
