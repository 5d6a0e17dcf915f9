"""Column generation: runs are priced at the duals of those known until none is missing, then cuts are added."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from matching.engine.state import State
from matching.exact.columns import Blocks, Column, Pool
from matching.exact.dive import Dive
from matching.exact.master import Duals, Master
from matching.exact.pricing import Care, Pricing
from matching.exact.scale import SCALE
from matching.exact.whole import choose
from matching.progress import PRICING as PRICES
from matching.progress import PROOF
from matching.stop import Clocked

MOST_CUT_ROUNDS = 20
# Steps for each block and columns asked of it: more once these bring nothing.
CARE = (
    Care(2_000, 4, 1, spread=3), Care(20_000, 6, 2), Care(400_000, 12, 2), Care(4_000_000, 12, 2),
    Care(64_000_000, 12, 2),
)  # fmt: skip
# The last care takes a second for a shift that needs it: only where pricing has so many left.
SLOW = 3.0
# Rounds in which what one block takes is dearer for the next.
MOST_SPREAD = 8
# A round that brings less than this share of the value is the last of its care.
LITTLE = 0.0001
# Shares of the time left that pricing may take before a plan is made of what there is, and then cutting.
PRICING, CUTTING = 0.6, 0.5
# Of so many columns a final choice may be made.
MOST_COLUMNS = 60_000
# Share of the time left that the integer programme over the known columns may take.
FIRST_CHOICE = 0.4


@dataclass
class Generation:
    """One run of column generation. `state` is the best plan known, `bound` what no plan exceeds."""

    blocks: Blocks
    state: State
    bound: int
    stop: Clocked
    pool: Pool = field(default_factory=Pool)

    def __post_init__(self) -> None:
        # Where columns are known already, the first round is as careful as the later ones.
        self.care, self.rounds = (1, MOST_SPREAD) if self.pool.columns else (0, 0)
        # The duals of the lowest bound priced so far, and that bound.
        self.duals: Duals | None = None
        self.proved = self.bound
        # Whether the linear programme was brought to its end.
        self.whole = False

    def relax(self) -> None:
        """The linear programme over all runs, its bound, and a plan made from it."""
        self.stop.progress.begin(PRICES)
        for column in self.blocks.columns_of(self.state):
            self.pool.add(column)
        self.master, self.pricing = Master(self.blocks), Pricing(self.blocks)
        self.master.add(self.pool.columns)
        self.early = self.stop.share(PRICING)
        self.whole = self._all_priced()

    def close(self) -> None:
        """Cuts, and the best choice of the runs found, and of all that may be better, while there is time."""
        self.stop.progress.begin(PROOF)
        self.early = self.stop.share(CUTTING)
        cuts = len(self.master.cuts.all)
        for _ in range(MOST_CUT_ROUNDS):
            if not self.whole or self.done() or self.early.struck() or not self._cut():
                break
            self.whole = self._all_priced()
        if len(self.master.cuts.all) > cuts and self.duals is not None:
            # Cuts added after these duals cost nothing in them.
            self.duals.cut = np.pad(self.duals.cut, (0, len(self.master.cuts.all) - len(self.duals.cut)))
            self.dive()
        if not self.done():
            self._choose(self._near(self.pool.columns), FIRST_CHOICE)
        if self.duals is not None and not self.done():
            self._finish()

    def improve(self, state: State, pool: Pool) -> None:
        """A plan and columns found elsewhere, on the same problem."""
        self._keep(state)
        self.master.take(self.pool, pool.columns)

    def done(self) -> bool:
        return self.state.total >= self.bound or self.stop.struck()

    def _keep(self, state: State | None) -> None:
        if state is not None and state.total > self.state.total:
            self.state = state
            self.stop.progress.told(state)

    def dive(self) -> None:
        """A plan made from the linear programme."""
        if not self.done():
            self._keep(Dive(self.master, self.pricing, self.pool, self.stop).run())

    def _all_priced(self) -> bool:
        """Price until no run is missing, with little care at first: what is quickly found is as good a column."""
        before = -math.inf
        while True:
            value, duals = self.master.solve()
            self.stop.step()
            if self.early.struck():
                return False
            priced = self.pricing.price(duals, self.master.cuts, self.early, CARE[self.care])
            if priced is None:
                return False
            if priced.bound is not None and (self.duals is None or priced.bound <= self.proved):
                self.proved, self.duals = priced.bound, duals
                self.bound = min(self.bound, self.proved)
                self.stop.progress.told(self.state, self.bound)
            gained, before = value - before, value
            took = self.master.take(self.pool, priced.columns)
            reached = priced.bound is not None and priced.bound <= self.blocks.base.total + value + 1
            if reached or self.state.total >= self.bound:
                return True
            self.rounds += 1
            if not took or self.rounds == MOST_SPREAD or (self.rounds > MOST_SPREAD and gained <= LITTLE * abs(value)):
                self.care += 1
            if self.care == len(CARE) or (self.care == len(CARE) - 1 and not self._at_leisure()):
                self.care -= 1
                return True

    def _at_leisure(self) -> bool:
        left = self.early.left()
        return left is None or left > SLOW

    def _cut(self) -> bool:
        values = self.master.values()
        taken = values[self.master.first :]
        nth = {week: [float(values[k]) for k in numbers] for week, numbers in self.master.nth.items()}
        cuts = self.master.cuts
        triples, halves = cuts.triples(self.pool.columns, taken), cuts.halves(self.pool.columns, taken, nth)
        self.master.cut([*triples, *halves], self.pool.columns)
        return bool(triples or halves)

    def near(self) -> list[Column]:
        """The columns found that a better plan than the best known may hold, those of that plan among them."""
        return [*self.blocks.columns_of(self.state), *self._near(self.pool.columns)]

    def promising(self) -> Pool:
        """The columns that a better plan than the best known may hold."""
        pool = Pool()
        for column in self.near():
            pool.add(column)
        return pool

    def _near(self, columns: list[Column]) -> list[Column]:
        """Columns that a plan better than the best known may hold."""
        if self.duals is None:
            return columns
        slack = (self.proved - self.state.total) * SCALE
        return [column for column in columns if self.pricing.reduced(column, self.duals) > -slack]

    def _choose(self, columns: list[Column], share: float) -> bool:
        left = self.stop.left()
        choice = choose(self.blocks, columns, self.state, None if left is None else left * share)
        self._keep(choice.state)
        self.stop.step()
        return choice.proved

    def _finish(self) -> None:
        """All runs that a better plan may hold, and the best choice among them: then nothing is left to find."""
        assert self.duals is not None
        slack = (self.proved - self.state.total) * SCALE
        columns = self.pricing.every(self.duals, slack, MOST_COLUMNS, self.stop)
        if columns is not None and not self.stop.struck() and self._choose(columns, 1.0):
            self.bound = self.state.total
