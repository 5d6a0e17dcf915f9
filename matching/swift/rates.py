"""Compiled: whoever brings most for the time it takes comes in first; then what changed is measured anew."""

from __future__ import annotations

from matching.exact.compiled import inner
from matching.swift.board import Board
from matching.swift.book import NOBODY, Book
from matching.swift.dice import unit
from matching.swift.one import put, seat
from matching.swift.trail import Trails, touch
from matching.swift.work import BLINK, Work

# The factor drawn for each request is from here up to as much above 1 as this is below.
LEAST_FANCY = 0.7
# No longer asked.
SEATED = -1.0


@inner
def by_rate(book: Book, board: Board, trails: Trails, work: Work, absent: int, hurry: float) -> None:
    """Seat the first `absent` of `work.absent`, but for teams, as far as each gains."""
    offers = work.offers
    offers.power[0] = 1.0 + unit(work.dice)
    for i in range(absent):
        offers.fancy[i] = LEAST_FANCY + 2 * (1 - LEAST_FANCY) * unit(work.dice)
        for x in range(offers.first[i], offers.first[i + 1]):
            offers.place[x] = NOBODY
            if unit(work.dice) >= BLINK:
                _measure(book, board, work, i, x, hurry)
        _rate(book, work, i)
    while True:
        who = _first(work, absent)
        if who < 0:
            return
        x, s = offers.best[who], offers.shift[offers.best[who]]
        touch(board, trails, s)
        put(book, board, s, work.absent[who], offers.place[x], offers.detour[x], offers.worth[x])
        offers.rate[who] = SEATED
        _measure_again(book, board, work, absent, book.people.slot[s], hurry)


@inner
def _measure(book: Book, board: Board, work: Work, i: int, x: int, hurry: float) -> None:
    """One seat for the ith of the absent."""
    offers = work.offers
    found = seat(book, board, offers.shift[x], work.absent[i], offers.worth[x], hurry)
    offers.gain[x], offers.place[x], offers.detour[x] = found


@inner
def _rate(book: Book, work: Work, i: int) -> None:
    """The best seat of the ith, and what it brings for its time."""
    offers, gain = work.offers, 0.0
    offers.best[i], offers.rate[i] = NOBODY, 0.0
    for x in range(offers.first[i], offers.first[i + 1]):
        if offers.place[x] >= 0 and offers.gain[x] > gain:
            gain, offers.best[i] = offers.gain[x], x
    if offers.best[i] >= 0:
        time = book.arrays.asked.duration[work.absent[i]] + max(0, offers.detour[offers.best[i]]) + 1
        offers.rate[i] = offers.fancy[i] * gain ** offers.power[0] / time


@inner
def _first(work: Work, absent: int) -> int:
    """Whose rate is the highest, NOBODY where nobody gains."""
    rate, who = 0.0, NOBODY
    for i in range(absent):
        if work.offers.rate[i] > rate:
            rate, who = work.offers.rate[i], i
    return who


@inner
def _measure_again(book: Book, board: Board, work: Work, absent: int, slot: int, hurry: float) -> None:
    """A week has changed: its seats are measured again for those who may still come in."""
    offers = work.offers
    for i in range(absent):
        if offers.rate[i] <= 0.0:
            continue
        changed = False
        for x in range(offers.first[i], offers.first[i + 1]):
            if book.people.slot[offers.shift[x]] == slot and offers.place[x] >= 0:
                _measure(book, board, work, i, x, hurry)
                changed = True
        if changed:
            _rate(book, work, i)
