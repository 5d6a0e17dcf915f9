"""The compiled search from Python: a first plan by ranked insertion, and better ones as long as one likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matching.engine.moves import Moves
from matching.engine.state import State
from matching.exact.arrays import Arrays
from matching.stop import Clocked, Stop
from matching.swift.anneal import Cooling, anneal, fill
from matching.swift.board import Board, board_of, state_of
from matching.swift.book import Book, book_of, ints, unknown_pairs
from matching.swift.dice import new_dice
from matching.swift.trail import Trails, begin_trail, go_back, new_trail
from matching.swift.work import Work, new_work

# Share of the mean prize that a unit of time costs at the most.
HURRY = 0.02
# How often a ruin takes whole weeks.
WEEKS = 0.2
# Steps between two looks at the stop rule: two milliseconds in a town, twenty in a region.
SLICE = 100
# Steps between two plans that are shown on the way.
EACH = 500


class Pace(NamedTuple):
    """What a step may lose, `warm` at first and `cold` at last, as shares of the mean prize; a cooling takes `cycle`
    steps, and each after it `longer` times as many."""

    warm: float
    cold: float
    cycle: int
    longer: int


# Of a plan that is good already less is given up. Where runs are long much must be given up, and slowly won back.
STEADY, GENTLE, PATIENT = Pace(0.3, 0.01, 20_000, 1), Pace(0.03, 0.001, 20_000, 1), Pace(1.5, 0.01, 25_000, 2)


class _Table(NamedTuple):
    """What the kernels are given."""

    book: Book
    board: Board
    trails: Trails
    work: Work


class LocalSearch:
    """Ruin and recreate on one problem, whose requests `asked` may be seated. Everything random comes from `seed`."""

    def __init__(self, moves: Moves, arrays: Arrays, asked: list[int], seed: int) -> None:
        self.moves, self.arrays, self.asked = moves, arrays, asked
        self.dice = new_dice(seed)
        self.scale = max(1.0, sum(moves.prep.prize[r] for r in asked) / max(1, len(asked)))
        self._book: Book | None = None

    def first(self, base: State, stop: Stop) -> State:
        """The best of a few plans by ranked insertion, while there is time: by prize, by how few could come, and by
        prize for the minutes; the older first in each."""
        prep, table = self.moves.prep, self._table(base)
        few = np.diff(table.book.singles.first) + np.diff(table.book.pairs.first)
        orders = [
            sorted(self.asked, key=lambda r: (-prep.prize[r], prep.released[r], r)),
            sorted(self.asked, key=lambda r: (few[r], -prep.prize[r], prep.released[r], r)),
            sorted(self.asked, key=lambda r: (-prep.prize[r] / prep.duration[r], prep.released[r], r)),
        ]
        best: State | None = None
        for order in orders:
            if best is not None and stop(0):
                break
            fill(*table, ints(order))
            if best is None or table.board.total[0] > best.total:
                best = state_of(table.board, table.book, base)
        assert best is not None
        return best

    def improve(
        self, state: State, stop: Clocked, bound: int, pace: Pace = STEADY, met: Callable[[State], None] | None = None
    ) -> State:
        """The best plan found from a legal one on, before `stop` strikes or where `bound` is reached.

        `met` is shown plans on the way, also worse ones.
        """
        table, prize = self._table(state), self.scale
        cooling = Cooling(prize * pace.warm, prize * pace.cold, pace.cycle, prize * HURRY, WEEKS)
        best, done = table.trails.best.total, 0
        while best[0] < bound and not stop.struck():
            anneal(*table, cooling, done, SLICE)
            done += SLICE
            if met is not None and done % EACH == 0:
                met(state_of(table.board, table.book, state))
            if done == cooling.cycle and pace.longer > 1:
                done, cooling = 0, cooling._replace(cycle=cooling.cycle * pace.longer)
            stop.step()
        if best[0] <= state.total:
            return state
        go_back(table.book, table.board, table.trails.best)
        return state_of(table.board, table.book, state)

    def _table(self, state: State) -> _Table:
        if self._book is None:
            self._book = book_of(self.moves, self.arrays)
        strange = unknown_pairs(self._book, state)
        if strange:
            self._book = book_of(self.moves, self.arrays, strange)
        board = board_of(self._book, state)
        trails = Trails(new_trail(board), new_trail(board))
        begin_trail(board, trails.best)
        return _Table(self._book, board, trails, new_work(self._book, self.dice))
