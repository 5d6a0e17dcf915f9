"""Compiled: the way back. A trail remembers the runs as they were at some moment, those that have changed since."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matching.exact.arrays import Ints
from matching.exact.compiled import bare, inner
from matching.swift.board import Board
from matching.swift.book import NOBODY, Book


class Trail(NamedTuple):
    """By shift the rows of a Board as they were, where `kept`; `shift[:size[0]]` are those; `total[0]` the points."""

    kept: Ints
    shift: Ints
    size: Ints
    runs: Ints
    length: Ints
    clock: Ints
    late: Ints
    way: Ints
    mate: Ints
    total: Ints


class Trails(NamedTuple):
    """Back to before this step, and back to the best plan."""

    step: Trail
    best: Trail


def new_trail(board: Board) -> Trail:
    """A trail that begins here."""
    return Trail(
        kept=np.zeros_like(board.length),
        shift=np.zeros_like(board.length),
        size=np.zeros(1, dtype=np.int64),
        runs=np.empty_like(board.runs),
        length=np.empty_like(board.length),
        clock=np.empty_like(board.clock),
        late=np.empty_like(board.late),
        way=np.empty_like(board.way),
        mate=np.empty_like(board.mate),
        total=board.total.copy(),
    )


@inner
def _remember(board: Board, trail: Trail, s: int) -> None:
    if trail.kept[s]:
        return
    trail.kept[s] = 1
    trail.shift[trail.size[0]] = s
    trail.size[0] += 1
    n = board.length[s]
    for k in range(n):
        trail.runs[s, k] = board.runs[s, k]
    for k in range(n + 1):
        trail.clock[s, k], trail.late[s, k] = board.clock[s, k], board.late[s, k]
    trail.length[s], trail.way[s], trail.mate[s] = n, board.way[s], board.mate[s]


@inner
def touch(board: Board, trails: Trails, s: int) -> None:
    """To be called before a shift's run changes."""
    _remember(board, trails.step, s)
    _remember(board, trails.best, s)


@bare
def begin_trail(board: Board, trail: Trail) -> None:
    """From now on the way back leads to here."""
    for i in range(trail.size[0]):
        trail.kept[trail.shift[i]] = 0
    trail.size[0] = 0
    trail.total[0] = board.total[0]


@bare
def go_back(book: Book, board: Board, trail: Trail) -> None:
    """The board as it was when the trail began."""
    asked, people = book.asked, book.people
    for i in range(trail.size[0]):
        s = trail.shift[i]
        for k in range(board.length[s]):
            r = board.runs[s, k]
            if board.crew[r] == s or board.second[r] == s:
                board.crew[r] = board.second[r] = NOBODY
        more = trail.length[s] - board.length[s]
        board.visits[people.slot[s]] += more
        board.trips[people.owner[s]] += more
    for i in range(trail.size[0]):
        s = trail.shift[i]
        n = trail.length[s]
        for k in range(n):
            r = trail.runs[s, k]
            board.runs[s, k] = r
            if asked.free[r] and asked.host[r] != s:
                board.crew[r] = s
                if asked.two[r]:
                    board.second[r] = trail.mate[s]
        for k in range(n + 1):
            board.clock[s, k], board.late[s, k] = trail.clock[s, k], trail.late[s, k]
        board.length[s], board.way[s], board.mate[s] = n, trail.way[s], trail.mate[s]
    board.total[0] = trail.total[0]
    begin_trail(board, trail)
