"""Compiled: a visit by one new person put into a run, and taken out."""

from __future__ import annotations

import numpy as np

from matching.exact.compiled import bare, inner
from matching.exact.hours import NEVER
from matching.exact.hours import begin as begin_at
from matching.swift.board import Board
from matching.swift.book import NOBODY, Book
from matching.swift.clocks import drive, enters, leaves, travel
from matching.swift.fairness import count, discount, has_room, one_more

# Below every gain.
NONE = -1e18


@inner
def _cheapest(book: Book, board: Board, s: int, r: int, hurry: float) -> tuple[float, int, int]:
    """(cost, position, detour) of r where it costs least in the run of s; NOBODY for a position where it does not fit.

    The cost is that of the travel, and `hurry` for each unit of time that whoever comes next is later.
    """
    arrays, n = book.arrays, board.length[s]
    legs, most = arrays.legs[arrays.hours.mode[s]], arrays.hours.most[s]
    at, out, duration = enters(arrays, r, s), leaves(arrays, r, s), arrays.asked.duration[r]
    opens, last = book.asked.opens[r], book.asked.last[r]
    cost, place, longer = 1e18, NOBODY, 0
    here = arrays.hours.origin[s]
    for k in range(n + 1):
        clock = board.clock[s, k]
        if clock > last:
            break
        if opens + duration > board.late[s, k]:
            continue
        if k > 0:
            here = leaves(arrays, board.runs[s, k - 1], s)
        onward = enters(arrays, board.runs[s, k], s) if k < n else arrays.hours.target[s]
        into, on = np.int64(legs[here, at]), np.int64(legs[out, onward])
        straight = np.int64(legs[here, onward])
        detour = into + on - (straight if n > 0 else 0)
        if board.way[s] + detour > most:
            continue
        begin = begin_at(arrays, r, clock + into)
        if begin == NEVER:
            continue
        then = begin + duration + on
        key = book.weight * detour + hurry * (then - clock - straight)
        if key < cost and then <= board.late[s, k]:
            cost, place, longer = key, k, int(detour)
    return cost, place, longer


@bare
def seat(book: Book, board: Board, s: int, r: int, worth: int, hurry: float) -> tuple[float, int, int]:
    """(gain, position, detour) of the best place for r in the run of s; position NOBODY where there is none."""
    if board.mate[s] >= 0 or not has_room(book, board, s):
        return NONE, NOBODY, 0
    cost, place, detour = _cheapest(book, board, s, r, hurry)
    return worth + one_more(book, board, s) - cost, place, detour


@inner
def hopeless(book: Book, board: Board, s: int, worth: int, gain: float) -> bool:
    """Whether no place in the run of s can gain more than `gain`: a visit saves at most the whole way of a run."""
    return worth + one_more(book, board, s) + book.weight * board.way[s] <= gain


@inner
def put(book: Book, board: Board, s: int, r: int, place: int, detour: int, worth: int) -> None:
    """Seat r as `seat` has found it, on this very board."""
    run, n = board.runs[s], board.length[s]
    for k in range(n, place, -1):
        run[k] = run[k - 1]
    run[place] = r
    board.length[s] = n + 1
    drive(book.arrays, s, run, n + 1, board.clock[s], board.late[s], place)
    board.way[s] += detour
    board.total[0] += worth - book.weight * detour
    count(book, board, s)
    board.crew[r] = s


@inner
def take(book: Book, board: Board, r: int) -> bool:
    """Take r out of its run; False, and nothing changed, where that run would not fit without it.

    Who goes with somebody stays at what that one has promised: a pair does everything together.
    """
    s, arrays = board.crew[r], book.arrays
    if board.mate[s] >= 0:
        return False
    known, worth = _worth(book, r, s)
    if not known:
        return False
    run, n, place = board.runs[s], board.length[s], 0
    while run[place] != r:
        place += 1
    for k in range(place, n - 1):
        run[k] = run[k + 1]
    way = travel(arrays, s, run, n - 1)
    fits = drive(arrays, s, run, n - 1, board.clock[s], board.late[s], place)
    if not fits or way > arrays.hours.most[s]:
        for k in range(n - 1, place, -1):
            run[k] = run[k - 1]
        run[place] = r
        drive(arrays, s, run, n, board.clock[s], board.late[s], place)
        return False
    board.length[s] = n - 1
    board.total[0] -= worth + book.weight * (way - board.way[s])
    board.way[s], board.crew[r] = way, NOBODY
    discount(book, board, s)
    return True


@inner
def _worth(book: Book, r: int, s: int) -> tuple[bool, int]:
    singles = book.singles
    for i in range(singles.first[r], singles.first[r + 1]):
        if singles.shift[i] == s:
            return True, int(singles.worth[i])
    return False, 0
