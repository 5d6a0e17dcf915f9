"""From a mixture of runs to a plan: the runs that the linear programme likes best are fixed, some at a time.

After each step the prices are those of what is left, and the runs that fit it best are sought anew.
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from matching.engine.state import State
from matching.exact.columns import Pool, state_of
from matching.exact.master import INFINITY, Duals, Master
from matching.exact.pricing import Care, Pricing
from matching.stop import Clocked

ALMOST_ONE, SURE, SOME = 0.999, 0.75, 1e-6
# Of the runs taken in part, this share is fixed in one step, one at least; and rounds of pricing after it.
SHARE, ROUNDS = 0.08, 2
CARE = Care(1_000, 2, 1)
# A price that nothing pays.
BARRED = 2**40


class Dive:
    """One way down. The master programme is as before at the end, but for the columns that were found on the way."""

    def __init__(self, master: Master, pricing: Pricing, pool: Pool, stop: Clocked) -> None:
        self.master, self.pricing, self.pool, self.stop = master, pricing, pool, stop
        self.fixed: list[int] = []
        self.refused: list[int] = []

    def run(self) -> State:
        """The plan at the bottom."""
        while self._solve():
            values = self.master.values()[self.master.first :]
            chosen = self._choose(values)
            for i in chosen:
                self._bound(i, 1.0, INFINITY)
            self.fixed += chosen
            part = (values > SOME) & (values < ALMOST_ONE)
            if not part.any():
                break
        for i in (*self.fixed, *self.refused):
            self._bound(i, 0.0, INFINITY)
        return state_of(self.master.blocks, [self.pool.columns[i] for i in sorted(self.fixed)])

    def _bound(self, i: int, lower: float, upper: float) -> None:
        self.master.lp.changeColBounds(self.master.first + i, lower, upper)

    def _solve(self) -> bool:
        """Solve what is left, and find runs for it; False where even the promised runs cannot be had."""
        for left in range(ROUNDS, -1, -1):
            _, duals = self.master.solve()
            while self.master.lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                # The last one was one too many for somebody's week.
                if not self.fixed:
                    return False
                self.refused.append(self.fixed.pop())
                self._bound(self.refused[-1], 0.0, 0.0)
                _, duals = self.master.solve()
            self.stop.step()
            if left == 0 or self.stop.struck() or not self.fixed or not self._price(duals):
                break
        return True

    def _price(self, duals: Duals) -> bool:
        """Runs for what is left. Whether any were found."""
        request, shift = duals.request.copy(), duals.shift.copy()
        for i in self.fixed:
            request[list(self.pool.columns[i].new)] = BARRED
            shift[list(self.pool.columns[i].seats)] = BARRED
        priced = self.pricing.price(replace(duals, request=request, shift=shift), self.master.cuts, self.stop, CARE)
        return priced is not None and self.master.take(self.pool, priced.columns)

    def _choose(self, values: np.ndarray) -> list[int]:
        """Whole ones, the surest, and some of the others, as long as they do not stand in each other's way."""
        held = set(self.fixed)
        order = [int(i) for i in np.argsort(-values, kind="stable") if values[i] > SOME and int(i) not in held]
        fractional = sum(values[i] < ALMOST_ONE for i in order)
        most = max(1, int(SHARE * fractional))
        requests = {r for i in held for r in self.pool.columns[i].new}
        seats = {s for i in held for s in self.pool.columns[i].seats}
        chosen: list[int] = []
        for i in order:
            column = self.pool.columns[i]
            if values[i] < SURE:
                most -= 1
            if most < 0 or (chosen and values[i] < 0.2):
                break
            if requests.isdisjoint(column.new) and seats.isdisjoint(column.seats):
                chosen.append(i)
                requests.update(column.new)
                seats.update(column.seats)
        return chosen
