"""Compiled: a visit by two new people, who go together in two shifts that hold nothing else but such visits."""

from __future__ import annotations

import numpy as np

from matching.exact.compiled import bare, inner
from matching.exact.hours import NEVER
from matching.exact.hours import begin as begin_at
from matching.swift.board import Board
from matching.swift.book import NOBODY, Book
from matching.swift.clocks import drive, enters, leaves
from matching.swift.fairness import count, discount, has_room, one_more
from matching.swift.one import NONE


@inner
def _ride(book: Book, board: Board, s: int, t: int, visits: int, r: int, place: int) -> tuple[int, int]:
    """The ways of both with r (NOBODY: nothing new) at `place` of their run of `visits`; twice NEVER if it fits not."""
    arrays = book.arrays
    hours, never = arrays.hours, (NEVER, NEVER)
    legs_s, legs_t = arrays.legs[hours.mode[s]], arrays.legs[hours.mode[t]]
    here_s, here_t = hours.origin[s], hours.origin[t]
    clock_s, clock_t = hours.start[s], hours.start[t]
    way_s, way_t = np.int64(0), np.int64(0)
    for k in range(visits + (r >= 0)):
        q = board.runs[s, k] if r < 0 or k < place else (r if k == place else board.runs[s, k - 1])
        leg_s = np.int64(legs_s[here_s, enters(arrays, q, s)])
        leg_t = np.int64(legs_t[here_t, enters(arrays, q, t)])
        way_s += leg_s
        way_t += leg_t
        begin = begin_at(arrays, q, max(clock_s + leg_s, clock_t + leg_t))
        if begin == NEVER:
            return never
        clock_s = clock_t = begin + arrays.asked.duration[q]
        here_s, here_t = leaves(arrays, q, s), leaves(arrays, q, t)
    back_s, back_t = np.int64(legs_s[here_s, hours.target[s]]), np.int64(legs_t[here_t, hours.target[t]])
    way_s += back_s
    way_t += back_t
    if clock_s + back_s > hours.end[s] or clock_t + back_t > hours.end[t]:
        return never
    return (int(way_s), int(way_t)) if way_s <= hours.most[s] and way_t <= hours.most[t] else never


@inner
def may_go(book: Book, board: Board, s: int, t: int) -> bool:
    """Whether these two go together already, or have both nothing to do; and have room."""
    if board.mate[s] != t and (board.mate[s] >= 0 or board.mate[t] >= 0 or board.length[s] + board.length[t] > 0):
        return False
    return has_room(book, board, s) and has_room(book, board, t)


@inner
def seat_two(book: Book, board: Board, s: int, t: int, r: int, worth: int) -> tuple[float, int, int, int]:
    """(gain, position, both ways with it) of the best place for r in the common run; NOBODY where there is none."""
    points = worth + one_more(book, board, s) + one_more(book, board, t)
    gain, place, way_s, way_t = NONE, NOBODY, 0, 0
    for k in range(board.length[s] + 1):
        far_s, far_t = _ride(book, board, s, t, board.length[s], r, k)
        if far_s == NEVER:
            continue
        value = np.float64(points - book.weight * (far_s + far_t - board.way[s] - board.way[t]))
        if value > gain:
            gain, place, way_s, way_t = value, k, far_s, far_t
    return gain, place, way_s, way_t


@inner
def put_two(book: Book, board: Board, s: int, t: int, r: int, place: int, way_s: int, way_t: int, worth: int) -> None:
    """Seat r as `seat_two` has found it, on this very board."""
    n = board.length[s]
    board.total[0] += worth - book.weight * (way_s + way_t - board.way[s] - board.way[t])
    for m in (s, t):
        for k in range(n, place, -1):
            board.runs[m, k] = board.runs[m, k - 1]
        board.runs[m, place] = r
        board.length[m] = n + 1
        count(book, board, m)
    board.way[s], board.way[t] = way_s, way_t
    board.mate[s], board.mate[t] = t, s
    board.crew[r], board.second[r] = s, t


@bare
def take_two(book: Book, board: Board, r: int) -> bool:
    """Take r out of the common run; False, and nothing changed, where that would not fit or is not known."""
    s, t = board.crew[r], board.second[r]
    known, worth = _worth(book, r, s, t)
    if not known:
        return False
    n, place = board.length[s], 0
    while board.runs[s, place] != r:
        place += 1
    _shift_left(board, s, place, n)
    way_s, way_t = 0, 0
    if n > 1:
        way_s, way_t = _ride(book, board, s, t, n - 1, NOBODY, 0)
    if way_s == NEVER:
        for k in range(n - 1, place, -1):
            board.runs[s, k] = board.runs[s, k - 1]
        board.runs[s, place] = r
        return False
    _shift_left(board, t, place, n)
    board.total[0] -= worth + book.weight * (way_s + way_t - board.way[s] - board.way[t])
    board.way[s], board.way[t] = way_s, way_t
    board.crew[r] = board.second[r] = NOBODY
    for m in (s, t):
        board.length[m] = n - 1
        discount(book, board, m)
        if n == 1:
            board.mate[m] = NOBODY
            drive(book.arrays, m, board.runs[m], 0, board.clock[m], board.late[m], 0)
    return True


@inner
def _shift_left(board: Board, s: int, place: int, n: int) -> None:
    for k in range(place, n - 1):
        board.runs[s, k] = board.runs[s, k + 1]


@inner
def _worth(book: Book, r: int, s: int, t: int) -> tuple[bool, int]:
    pairs = book.pairs
    for i in range(pairs.first[r], pairs.first[r + 1]):
        if (pairs.one[i] == s and pairs.two[i] == t) or (pairs.one[i] == t and pairs.two[i] == s):
            return True, int(pairs.worth[i])
    return False, 0
