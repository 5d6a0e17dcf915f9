"""From a mixture of runs to a plan, for a large programme: the surest runs are fixed, many at a time.

After each step the prices go on from where they were, over what is left, and runs that fit it are sought anew.
"""

from __future__ import annotations

import numpy as np

from matching.exact.arrays import Ints
from matching.exact.columns import Column, Pool, state_of
from matching.exact.master import Duals
from matching.exact.wide import Effort
from matching.exact.primal_dual import Floats, Matrix, Point, advance, weigh
from matching.exact.programme import Programme
from matching.exact.scale import SCALE
from matching.exact.wide import WidePricing
from matching.stop import Clocked
from matching.engine.state import State

SURE, SHARE, LEAST = 0.8, 0.08, 0.02
STEPS = 200
CARE = Effort(2, 1, 500)


class Descent:
    def __init__(self, programme: Programme, pricing: WidePricing, pool: Pool, stop: Clocked) -> None:
        self.programme, self.pricing, self.pool, self.stop = programme, pricing, pool, stop
        self.field = pricing.field
        prep = self.field.moves.prep
        self.prep = prep
        self.left = np.array(prep.limit) - np.array(self.field.base.visits)
        self.free_request = np.ones(len(prep.requests), dtype=bool)
        self.free_shift = np.ones(len(prep.shifts), dtype=bool)
        self.chosen: list[Column] = []

    def run(self) -> State:
        programme = self.programme
        x, price = programme._x.copy(), programme.price.copy()
        step = 0
        while not self.stop.struck():
            matrix = programme.matrix()
            x = np.concatenate([x, np.zeros(len(matrix.cost) - len(x))])
            open_ = self._open(matrix)
            if not (open_[programme.first :]).any():
                break
            value = x[programme.first :]
            small, limit = _restrict(matrix, open_, self._limit(matrix))
            column, row = weigh(small)
            at, total = Point(x[open_].copy(), price.copy()), Point(np.zeros(int(open_.sum())), np.zeros(len(price)))
            advance(small, at, total, column, row, programme._weight, STEPS)
            x = np.zeros(len(x))
            x[open_] = total.x / STEPS
            price = total.price / STEPS
            taken = self._choose(x[programme.first :])
            if not taken:
                break
            step += 1
            self._price(price)
        return state_of(self.field, self.chosen)

    def _limit(self, matrix: Matrix) -> Floats:
        limit = self.programme._limit.copy()
        limit[: self.programme.shift][~self.free_request] = 0
        limit[self.programme.shift : self.programme.week][~self.free_shift] = 0
        for column in self.chosen:
            for s, count in zip(column.seats, column.counts, strict=True):
                limit[self.programme.week + self.prep.slot[s]] -= count
                if self.prep.volunteers[self.prep.owner[s]].idle:
                    limit[self.programme.person + self.prep.owner[s]] += count
        return limit

    def _open(self, matrix: Matrix) -> np.ndarray:
        """Columns that still fit."""
        full = np.zeros(len(matrix.limit), dtype=bool)
        full[: self.programme.shift] = ~self.free_request
        full[self.programme.shift : self.programme.week] = ~self.free_shift
        hit = full[matrix.row].astype(np.int64)
        # Too many for a week.
        week = (matrix.row >= self.programme.week) & (matrix.row < self.programme.person)
        hit[week] += matrix.entry[week] > self.left[matrix.row[week] - self.programme.week]
        open_ = np.add.reduceat(np.append(hit, 0), matrix.first[:-1]) == 0
        open_[: self.programme.first] = True
        return open_

    def _choose(self, values: Floats) -> int:
        order = np.argsort(-values, kind="stable")
        order = order[values[order] > LEAST]
        most = max(1, int(SHARE * self._still()))
        taken = 0
        for i in order.tolist():
            if values[i] < SURE:
                most -= 1
            if most < 0:
                break
            taken += self._take(self.pool.columns[i])
        return taken

    def _still(self) -> int:
        return int(self.free_shift[self.field.taking()].sum())

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
        duals.request[~self.free_request] = 2**40
        free = self.free_shift & (self.left[self.prep.slot] > 0)
        priced = self.pricing.price(duals, CARE, self.stop, free)
        if priced is None:
            return
        before = len(self.pool.columns)
        for column in priced.columns:
            number = self.pool.add(column)
            if number is not None and number < before:
                self.programme.worth(number, column.profit)
        self.programme.add(self.pool.columns[before:])


def _restrict(matrix: Matrix, open_: np.ndarray, limit: Floats) -> tuple[Matrix, Floats]:
    sizes = np.diff(matrix.first)
    entries = np.repeat(open_, sizes)
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[open_])])
    return Matrix(first, matrix.row[entries], matrix.entry[entries], matrix.cost[open_], matrix.upper[open_], limit), limit
