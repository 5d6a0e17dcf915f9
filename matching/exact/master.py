"""The master problem in HiGHS: choose columns, each request once, each shift one run, each week its visits.

maximise  Σ profit·x − Σ cost of the kth visit·y + Σ first_visit·z
  request r:        Σ x of columns with r            ≤ 1      dual `request`
  shift s:          Σ x of columns with s            ≤ 1      dual `shift`
  (person, week):   Σ new visits·x − Σ y             ≤ 0      dual `week`
  idle person:      z − Σ new visits·x               ≤ 0      dual `idle`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from matching.exact.arrays import Ints
from matching.exact.columns import Blocks, Column, Pool
from matching.exact.cuts import Cut, Cuts, Half
from matching.exact.scale import SCALE

INFINITY = highspy.kHighsInf


@dataclass(slots=True)
class Duals:
    """Prices of the rows, whole numbers ≥ 0 in 1/SCALE points, by request, shift, (person, week) and person."""

    request: Ints
    shift: Ints
    week: Ints
    idle: Ints
    cut: Ints


class Rows:
    """The rows of one kind: those `used`, from row `first` on, of `size` that the problem has."""

    def __init__(self, used: list[int], first: int, size: int) -> None:
        self.used, self.first, self.size = used, first, size
        self.row = {number: first + i for i, number in enumerate(used)}

    @property
    def end(self) -> int:
        return self.first + len(self.used)

    def spread(self, prices: Ints) -> Ints:
        """The prices of these rows by number, 0 for what the programme has no row for."""
        whole = np.zeros(self.size, dtype=np.int64)
        whole[self.used] = prices[self.first : self.end]
        return whole


class Master:
    """The linear programme over the columns added so far; `solve` answers its duals."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        prep, base = blocks.moves.prep, blocks.base
        shifts = blocks.taking()
        people = sorted({prep.owner[s] for s in shifts})
        self.idle = [v for v in people if prep.volunteers[v].idle and base.trips[v] == 0]
        self.request = Rows(blocks.asked(), 0, len(prep.requests))
        self.shift = Rows(shifts, self.request.end, len(prep.shifts))
        self.week = Rows(sorted({prep.slot[s] for s in shifts}), self.shift.end, len(prep.done))
        self.person = Rows(self.idle, self.week.end, len(prep.volunteers))
        self.lp = new_highs()
        self._rows()
        self._fairness()
        self.first = self.lp.getNumCol()
        self.cuts = Cuts(prep.slot, len(prep.requests))

    def _rows(self) -> None:
        upper = np.zeros(self.person.end)
        upper[: self.shift.end] = 1.0
        count, empty = len(upper), np.zeros(0, dtype=np.int32)
        self.lp.addRows(count, np.full(count, -INFINITY), upper, 0, np.zeros(count, np.int32), empty, np.zeros(0))

    def _fairness(self) -> None:
        prep, base = self.blocks.moves.prep, self.blocks.base
        costs, rows, signs = list[float](), list[int](), list[float]()
        # Of each (person, week) the columns of its visits, in order.
        self.nth: dict[int, list[int]] = {week: [] for week in self.week.used}
        for week, numbers in self.nth.items():
            for k in range(min(prep.limit[week] - base.visits[week], self.request.size)):
                numbers.append(len(costs))
                costs.append(-prep.kth_cost(week, base.visits[week] + k))
                rows.append(self.week.row[week])
                signs.append(-1.0)
        self.idle_columns = list(range(len(costs), len(costs) + len(self.idle)))
        for v in self.idle:
            costs.append(prep.weights.first_visit)
            rows.append(self.person.row[v])
            signs.append(1.0)
        count = len(costs)
        self.lp.addCols(
            count, -np.array(costs, dtype=float), np.zeros(count), np.ones(count), count,
            np.arange(count, dtype=np.int32), np.array(rows, dtype=np.int32), np.array(signs),
        )  # fmt: skip

    def add(self, columns: list[Column]) -> None:
        """Append columns, in the order given."""
        starts, rows, entries = [], list[int](), list[float]()
        for column in columns:
            starts.append(len(rows))
            for row, entry in self.entries(column):
                rows.append(row)
                entries.append(entry)
        count = len(columns)
        self.lp.addCols(
            count, -np.array([column.profit for column in columns], dtype=float), np.zeros(count),
            np.full(count, INFINITY), len(rows), np.array(starts, dtype=np.int32), np.array(rows, dtype=np.int32),
            np.array(entries),
        )  # fmt: skip

    def take(self, pool: Pool, columns: list[Column]) -> bool:
        """Add what the pool does not have yet, or has in a poorer order. Whether there was any."""
        before, better = len(pool.columns), 0
        for column in columns:
            number = pool.add(column)
            if number is not None and number < before:
                self.lp.changeColCost(self.first + number, -float(column.profit))
                better += 1
        self.add(pool.columns[before:])
        return better > 0 or len(pool.columns) > before

    def entries(self, column: Column) -> list[tuple[int, float]]:
        """(row, entry) of a column."""
        prep = self.blocks.moves.prep
        result = [(self.request.row[r], 1.0) for r in column.new]
        for s, count in zip(column.seats, column.counts, strict=True):
            result.append((self.shift.row[s], 1.0))
            result.append((self.week.row[prep.slot[s]], float(count)))
            if prep.owner[s] in self.person.row:
                result.append((self.person.row[prep.owner[s]], -float(count)))
        return result + [(self.person.end + k, float(entry)) for k, entry in self.cuts.entries(column)]

    def cut(self, cuts: Iterable[Cut], columns: list[Column]) -> None:
        """Add cuts; `columns` are all added so far."""
        before = len(self.cuts.all)
        self.cuts.add(list(cuts))
        inside: list[list[tuple[int, float]]] = [[] for _ in self.cuts.all[before:]]
        for number, k, entry in self._held_by(columns):
            if k >= before:
                inside[k - before].append((number, entry))
        for cut, held in zip(self.cuts.all[before:], inside, strict=True):
            if isinstance(cut, Half):
                held += [(number, -1.0) for number in self.nth[cut.week][cut.free :]]
            upper = float(cut.free // 2) if isinstance(cut, Half) else 1.0
            numbers, entries = np.array([n for n, _ in held], np.int32), np.array([entry for _, entry in held])
            self.lp.addRow(-INFINITY, upper, len(held), numbers, entries)

    def _held_by(self, columns: list[Column]) -> Iterator[tuple[int, int, float]]:
        for i, column in enumerate(columns):
            for k, entry in self.cuts.entries(column):
                yield self.first + i, k, float(entry)

    def values(self) -> npt.NDArray[np.float64]:
        """What the last solution takes of each column, those of the weeks' visits first."""
        return np.array(self.lp.getSolution().col_value)

    def solve(self) -> tuple[float, Duals]:
        """(optimum of the linear programme against the base plan, duals)."""
        self.lp.run()
        prices = np.maximum(0, np.rint(-np.array(self.lp.getSolution().row_dual) * SCALE)).astype(np.int64)
        rows = (self.request, self.shift, self.week, self.person)
        request, shift, week, idle = (kind.spread(prices) for kind in rows)
        return -self.lp.getInfo().objective_function_value, Duals(request, shift, week, idle, prices[self.person.end :])


def new_highs() -> highspy.Highs:
    """HiGHS, silent and on one thread (threads started before a fork hang it)."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    return highs
