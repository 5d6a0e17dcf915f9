"""The linear programme of a large problem, solved by first-order steps; rows as in `matching.exact.master`.

All of them, in this order: requests, shifts, (person, week), people.
"""

from __future__ import annotations

import numpy as np

from matching.exact.arrays import Ints
from matching.exact.columns import Blocks, Column
from matching.exact.master import Duals
from matching.exact.primal_dual import Floats, Matrix, Point, advance, reduced, weigh
from matching.exact.scale import SCALE

# Steps between two looks at where they lead; the next ones go on from the average where that is better.
STRIDE = 100
ALWAYS = 1e30


class Programme:
    """Columns come and never go; `price` is where the last steps ended, by row, in points."""

    def __init__(self, blocks: Blocks) -> None:
        prep = self._prep = blocks.moves.prep
        base = blocks.base
        self.shift = len(prep.requests)
        self.week = self.shift + len(prep.shifts)
        self.person = self.week + len(prep.done)
        self.rows = self.person + len(prep.volunteers)
        self.weight = max(1.0, float(np.mean(prep.prize)))
        taking = blocks.taking()
        self.weeks = sorted({prep.slot[s] for s in taking})
        people = sorted({prep.owner[s] for s in taking})
        self.idle = [v for v in people if prep.volunteers[v].idle and base.trips[v] == 0]
        self.limit = np.zeros(self.rows)
        self.limit[: self.week] = 1.0
        self._first: list[int] = [0]
        self._row: list[int] = []
        self._entry: list[float] = []
        self._cost: list[float] = []
        self._group: list[int] = []
        for slot in self.weeks:
            for k in range(prep.limit[slot] - base.visits[slot]):
                self._append([(self.week + slot, -1.0)], -prep.kth_cost(slot, base.visits[slot] + k), -1)
        for v in self.idle:
            self._append([(self.person + v, 1.0)], prep.weights.first_visit, -1)
        self.first = len(self._cost)
        self.price = np.zeros(self.rows)
        self.x = np.zeros(self.first)

    def _append(self, entries: list[tuple[int, float]], cost: int, group: int) -> None:
        for row, entry in entries:
            self._row.append(row)
            self._entry.append(entry)
        self._first.append(len(self._row))
        self._cost.append(cost)
        self._group.append(group)

    def add(self, columns: list[Column]) -> None:
        prep = self._prep
        for column in columns:
            entries = [(r, 1.0) for r in column.new]
            for s, count in zip(column.seats, column.counts, strict=True):
                entries.append((self.shift + s, 1.0))
                entries.append((self.week + prep.slot[s], float(count)))
                if prep.volunteers[prep.owner[s]].idle:
                    entries.append((self.person + prep.owner[s], -float(count)))
            self._append(entries, column.profit, column.seats[0])

    def worth(self, number: int, profit: int) -> None:
        """A column's better profit."""
        self._cost[self.first + number] = profit

    def matrix(self) -> Matrix:
        count = len(self._cost)
        upper = np.full(count, ALWAYS)
        upper[: self.first] = 1.0
        return Matrix(
            np.array(self._first, dtype=np.int64), np.array(self._row, dtype=np.int32), np.array(self._entry),
            np.array(self._cost, dtype=np.float64), upper, self.limit,
        )  # fmt: skip

    def solve(self, steps: int) -> float:
        """Go on for so many steps; a value that no mixture of the columns exceeds, and `price`."""
        matrix = self.matrix()
        column, row = weigh(matrix)
        count = len(matrix.cost)
        at = Point(np.concatenate([self.x, np.zeros(count - len(self.x))]), self.price.copy())
        group = np.array(self._group, dtype=np.int64)
        best, bound = at, self._bound(matrix, group, at.price)
        for _ in range(0, steps, STRIDE):
            total = Point(np.zeros(count), np.zeros(self.rows))
            advance(matrix, at, total, column, row, self.weight, STRIDE)
            average = Point(total.x / STRIDE, total.price / STRIDE)
            worth = self._bound(matrix, group, average.price), self._bound(matrix, group, at.price)
            if worth[0] <= worth[1]:
                at = average
            if min(worth) < bound:
                best, bound = Point(at.x.copy(), at.price.copy()), min(worth)
        self.x, self.price = best.x, best.price
        return bound

    def values(self) -> Floats:
        return self.x[self.first :]

    def reduced(self) -> Floats:
        """What each column is worth beyond the prices of its rows."""
        worth: Floats = reduced(self.matrix(), self.price)[self.first :]
        return worth

    def _bound(self, matrix: Matrix, group: Ints, price: Floats) -> float:
        worth = np.maximum(0.0, reduced(matrix, price))
        most = np.zeros(self.week - self.shift)
        np.maximum.at(most, group[self.first :], worth[self.first :])
        return float(matrix.limit @ price + most.sum() + worth[: self.first].sum())

    def duals(self, price: Floats) -> Duals:
        """Prices as whole numbers."""
        whole = np.maximum(0, np.rint(price * SCALE)).astype(np.int64)
        return Duals(
            whole[: self.shift], whole[self.shift : self.week], whole[self.week : self.person], whole[self.person :],
            np.zeros(0, dtype=np.int64),
        )  # fmt: skip
