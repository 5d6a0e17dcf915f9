"""Parts of a large plan made anew at the prices of the whole: each takes about a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.exact.field import Field
from matching.exact.primal_dual import Floats
from matching.exact.regions import Regions
from matching.exact.relaxation import Relaxation
from matching.stop import Clocked

ROUNDS, SHARE = 3, 0.05
# So many of those that nobody visits may come into a part.
LEFT_OUT = 400


@dataclass
class Patches(Regions):
    """As regions, but by first-order steps that begin at `price`, by row of a Programme."""

    left_out: int = LEFT_OUT
    price: Floats | None = None

    def round(self) -> None:
        """All people once, until `stop`."""
        self._round(thorough=False)

    def _improve(self, people: set[int], thorough: bool) -> None:
        base, mine, shifts = self._part(people)
        part = Field(self.moves, base, self.arrays, mine, shifts)
        taking = part.taking()
        if not taking:
            return
        stop = Clocked(self.stop.rule, self.stop.done)
        relaxation = Relaxation(part, self.state, 2**62, stop, self._allowed(part), self._prices(part, taking))
        relaxation.settle(ROUNDS)
        state = relaxation.descend(SHARE)
        self.stop.done = stop.done
        if state.total > self.state.total:
            self.state = state

    def _prices(self, part: Field, taking: list[int]) -> Floats | None:
        """The prices of the whole for the rows of this part."""
        if self.price is None:
            return None
        prep, price = self.moves.prep, np.zeros_like(self.price)
        shift, week = len(prep.requests), len(prep.requests) + len(prep.shifts)
        rows = [*part.asked(), *(shift + s for s in taking), *(week + prep.slot[s] for s in taking)]
        rows += [week + len(prep.done) + prep.owner[s] for s in taking]
        price[rows] = self.price[rows]
        return price
