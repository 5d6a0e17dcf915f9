"""From a mixture of runs to a plan, for a large programme: the surest runs are fixed, some at a time.

After each step the prices go on from where they were, over what is left, and runs that fit it are sought anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matching.engine.state import State
from matching.exact.columns import Column, state_of
from matching.exact.primal_dual import Floats, Matrix, Point, advance, weigh
from matching.exact.wide import Effort, Flags
from matching.stop import Clocked

if TYPE_CHECKING:
    from matching.exact.relaxation import Relaxation

# Runs taken almost whole are fixed all at once; of the others so many for each shift still free. LEAST is nothing.
SURE, LEAST = 0.9, 0.02
STEPS = 100
EFFORT = Effort(2, 1, 500, steps=2_000)
# A price that nothing pays.
BARRED = 2**40


class Descent:
    """One way down. The programme keeps its prices, and the columns that were found on the way."""

    def __init__(self, relaxation: Relaxation, stop: Clocked, share: float) -> None:
        self.programme, self.pricing = relaxation.programme, relaxation.pricing
        self.pool, self.take, self.stop, self.share = relaxation.pool, relaxation.take, stop, share
        self.field = relaxation.field
        prep = self.prep = self.field.moves.prep
        self.taking = self.field.taking()
        self.left = np.array(prep.limit) - np.array(self.field.base.visits)
        self.slot = np.array(prep.slot)
        self.free_request = np.ones(len(prep.requests), dtype=bool)
        self.free_shift = np.ones(len(prep.shifts), dtype=bool)
        self.chosen: list[Column] = []

    def run(self) -> State:
        """The plan at the bottom, or where it was stopped."""
        programme = self.programme
        x, price = programme.x.copy(), programme.price.copy()
        while not self.stop.struck():
            matrix = programme.matrix()
            x = np.concatenate([x, np.zeros(len(matrix.cost) - len(x))])
            still = self._still(matrix)
            if not still[programme.first :].any():
                break
            small = _restricted(matrix, still, self._limit())
            total = Point(np.zeros(len(small.cost)), np.zeros(len(price)))
            advance(small, Point(x[still], price.copy()), total, *weigh(small), programme.weight, STEPS)
            x[:] = 0.0
            x[still], price = total.x / STEPS, total.price / STEPS
            if not self._choose(x[programme.first :]):
                break
            self._price(price)
            self.stop.step()
        return state_of(self.field, self.chosen)

    def _limit(self) -> Floats:
        """What is left of each row."""
        programme = self.programme
        limit = programme.limit.copy()
        limit[: programme.shift][~self.free_request] = 0
        limit[programme.shift : programme.week][~self.free_shift] = 0
        for column in self.chosen:
            for s, count in zip(column.seats, column.counts, strict=True):
                limit[programme.week + self.prep.slot[s]] -= count
                limit[programme.person + self.prep.owner[s]] += count
        return limit

    def _still(self, matrix: Matrix) -> Flags:
        """The columns that still fit."""
        programme = self.programme
        gone = np.zeros(len(matrix.limit), dtype=bool)
        gone[: programme.shift] = ~self.free_request
        gone[programme.shift : programme.week] = ~self.free_shift
        bad = gone[matrix.row]
        week = (matrix.row >= programme.week) & (matrix.row < programme.person)
        bad[week] |= matrix.entry[week] > self.left[matrix.row[week] - programme.week]
        count = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(bad)])
        still: Flags = count[matrix.first[1:]] == count[matrix.first[:-1]]
        still[: programme.first] = True
        return still

    def _choose(self, values: Floats) -> int:
        order = np.argsort(-values, kind="stable")
        order = order[values[order] > LEAST]
        most = max(1, int(self.share * int(self.free_shift[self.taking].sum())))
        taken = 0
        for i in order.tolist():
            most -= bool(values[i] < SURE)
            if most < 0:
                break
            taken += self._take(self.pool.columns[i])
        return taken

    def _take(self, column: Column) -> bool:
        slots: dict[int, int] = {}
        for s, count in zip(column.seats, column.counts, strict=True):
            slots[self.prep.slot[s]] = slots.get(self.prep.slot[s], 0) + count
        if not (self.free_request[list(column.new)].all() and self.free_shift[list(column.seats)].all()):
            return False
        if any(count > self.left[slot] for slot, count in slots.items()):
            return False
        for slot, count in slots.items():
            self.left[slot] -= count
        self.free_request[list(column.new)] = False
        self.free_shift[list(column.seats)] = False
        self.chosen.append(column)
        return True

    def _price(self, price: Floats) -> None:
        duals = self.programme.duals(price)
        duals.request[~self.free_request] = BARRED
        free = self.free_shift & (self.left[self.slot] > 0)
        priced = self.pricing.price(duals, EFFORT, self.stop, free)
        if priced is not None:
            self.take(priced.columns)


def _restricted(matrix: Matrix, some: Flags, limit: Floats) -> Matrix:
    """The programme of some of its columns."""
    sizes = np.diff(matrix.first)
    entries = np.repeat(some, sizes)
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[some])])
    return Matrix(first, matrix.row[entries], matrix.entry[entries], matrix.cost[some], matrix.upper[some], limit)
