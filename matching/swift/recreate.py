"""Compiled: the absent come in again, one after the other, by one of several rules drawn for the step."""

from __future__ import annotations

from matching.exact.arrays import Ints
from matching.exact.compiled import inner
from matching.swift.absent import FREED
from matching.swift.board import Board
from matching.swift.book import NOBODY, Book
from matching.swift.dice import unit
from matching.swift.one import hopeless, put, seat
from matching.swift.rates import by_rate
from matching.swift.trail import Trails, touch
from matching.swift.two import may_go, put_two, seat_two
from matching.swift.work import BLINK, Floats, Work

# How often by which order: by what a visit brings for its time, else at random, by prize, by prize for the minutes, by
# how few could come.
BY_RATE, AT_RANDOM, BY_PRIZE, BY_MINUTES = 0.5, 0.65, 0.8, 0.9
# The measure of an order varies by this much either way.
VARIES = 0.2


@inner
def recreate(book: Book, board: Board, trails: Trails, work: Work, absent: int, hurry: float) -> None:
    """Seat the first `absent` of `work.absent`, as far as each gains."""
    kind = unit(work.dice)
    if kind >= BY_RATE:
        _order(book, work, absent, kind)
        in_order(book, board, trails, work, absent, hurry)
        return
    teams_first = unit(work.dice) < 0.5
    if teams_first:
        _teams(book, board, trails, work, absent)
    by_rate(book, board, trails, work, absent, hurry)
    if not teams_first:
        _teams(book, board, trails, work, absent)


@inner
def _order(book: Book, work: Work, absent: int, kind: float) -> None:
    """Numbers of the absent to `work.order`, the first to come first."""
    asked, score = book.asked, work.score
    for i in range(absent):
        r = work.absent[i]
        chance = 1 - VARIES + 2 * VARIES * unit(work.dice)
        if kind < AT_RANDOM:
            score[i] = chance
        elif kind < BY_PRIZE:
            score[i] = -asked.prize[r] * chance
        elif kind < BY_MINUTES:
            score[i] = -asked.prize[r] / book.arrays.asked.duration[r] * chance
        else:
            score[i] = (book.singles.first[r + 1] - book.singles.first[r]) * chance
        work.order[i] = i
    _sort(score, work.order, absent)


@inner
def _sort(score: Floats, order: Ints, count: int) -> None:
    """The numbers in `order` by rising score (Shell's sort: nothing is made)."""
    gap = count // 2
    while gap > 0:
        for i in range(gap, count):
            one, j = order[i], i
            while j >= gap and score[order[j - gap]] > score[one]:
                order[j] = order[j - gap]
                j -= gap
            order[j] = one
        gap = gap // 2


@inner
def in_order(book: Book, board: Board, trails: Trails, work: Work, absent: int, hurry: float) -> None:
    """Seat the absent in the order of `work.order`, as far as each gains."""
    for k in range(absent):
        i = work.order[k]
        if book.asked.two[work.absent[i]]:
            _seat_two(book, board, trails, work, work.absent[i])
        else:
            _seat_one(book, board, trails, work, i, hurry)


@inner
def _teams(book: Book, board: Board, trails: Trails, work: Work, absent: int) -> None:
    for i in range(absent):
        if book.asked.two[work.absent[i]]:
            _seat_two(book, board, trails, work, work.absent[i])


@inner
def _seat_one(book: Book, board: Board, trails: Trails, work: Work, i: int, hurry: float) -> None:
    """The best seat offered to the ith of the absent."""
    offers, r = work.offers, work.absent[i]
    gain, at, place, longer = 0.0, NOBODY, NOBODY, 0
    for x in range(offers.first[i], offers.first[i + 1]):
        s = offers.shift[x]
        if hopeless(book, board, s, offers.worth[x], gain) or unit(work.dice) < BLINK:
            continue
        value, where, detour = seat(book, board, s, r, offers.worth[x], hurry)
        if where >= 0 and value > gain:
            gain, at, place, longer = value, x, where, detour
    if at >= 0:
        touch(board, trails, offers.shift[at])
        put(book, board, offers.shift[at], r, place, longer, offers.worth[at])


@inner
def _seat_two(book: Book, board: Board, trails: Trails, work: Work, r: int) -> None:
    """The best seats of two people, any of them if r was freed, else where there may be room now."""
    pairs, everywhere = book.pairs, work.mark[r] == FREED
    gain, at, place, way_s, way_t = 0.0, NOBODY, NOBODY, 0, 0
    for i in range(pairs.first[r], pairs.first[r + 1]):
        s, t = pairs.one[i], pairs.two[i]
        if not (everywhere or work.open[s] or work.open[t]) or not may_go(book, board, s, t):
            continue
        if unit(work.dice) < BLINK:
            continue
        value, where, far_s, far_t = seat_two(book, board, s, t, r, pairs.worth[i])
        if where >= 0 and value > gain:
            gain, at, place, way_s, way_t = value, i, where, far_s, far_t
    if at >= 0:
        s, t = pairs.one[at], pairs.two[at]
        touch(board, trails, s)
        touch(board, trails, t)
        put_two(book, board, s, t, r, place, way_s, way_t, pairs.worth[at])
