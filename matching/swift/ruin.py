"""Compiled: some visits are taken out of the plan: related ones, weeks of a person, pieces of runs, or any."""

from __future__ import annotations

from matching.exact.compiled import inner
from matching.swift.board import Board
from matching.swift.book import Book
from matching.swift.dice import below, unit
from matching.swift.one import take
from matching.swift.trail import Trails, touch
from matching.swift.two import take_two
from matching.swift.work import Work

# Visits taken out at the most, people's weeks but for these; and how often which kind of ruin.
MOST_FREED = 10
RELATED, WEEKS, PIECES = 0.45, 0.2, 0.2
MOST_PIECES, TWO_WEEKS = 3, 2
# A relative stays now and then.
LEAVES = 0.8
TRIES = 20


@inner
def ruin(book: Book, board: Board, trails: Trails, work: Work, weeks: float) -> int:
    """Take some visits out; their number. They stand in `work.freed`. `weeks` is the share of ruins by week."""
    most = 1 + below(work.dice, MOST_FREED)
    kind = unit(work.dice)
    if kind < RELATED:
        return _related(book, board, trails, work, most)
    if kind < RELATED + weeks:
        return _weeks(book, board, trails, work)
    if kind < RELATED + WEEKS + PIECES:
        return _pieces(book, board, trails, work, most)
    return _any(book, board, trails, work, most)


@inner
def _free(book: Book, board: Board, trails: Trails, work: Work, r: int, freed: int) -> int:
    """One visit out, if it may be moved and its run fits without it; how many are out now."""
    touch(board, trails, board.crew[r])
    if book.asked.two[r]:
        touch(board, trails, board.second[r])
        gone = take_two(book, board, r)
    else:
        gone = take(book, board, r)
    if gone:
        work.freed[freed] = r
    return freed + gone


@inner
def _related(book: Book, board: Board, trails: Trails, work: Work, most: int) -> int:
    related, freed = book.asked.related, 0
    r = below(work.dice, related.shape[0])
    for i in range(related.shape[1]):
        q = related[r, i]
        if q < 0 or freed >= most:
            break
        if board.crew[q] >= 0 and unit(work.dice) < LEAVES:
            freed = _free(book, board, trails, work, q, freed)
    return freed


@inner
def _weeks(book: Book, board: Board, trails: Trails, work: Work) -> int:
    """Everything of a person's week, and of another's."""
    week, freed = book.week, 0
    for _ in range(TWO_WEEKS):
        s = _some_shift(board, work)
        slot = book.people.slot[s]
        for i in range(week.first[slot], week.first[slot + 1]):
            freed = _piece(book, board, trails, work, week.item[i], 0, board.runs.shape[1], freed)
    return freed


@inner
def _pieces(book: Book, board: Board, trails: Trails, work: Work, most: int) -> int:
    freed = 0
    for _ in range(1 + below(work.dice, MOST_PIECES)):
        s = _some_shift(board, work)
        n = board.length[s]
        if n == 0:
            continue
        piece = 1 + below(work.dice, min(n, most))
        freed = _piece(book, board, trails, work, s, below(work.dice, n - piece + 1), piece, freed)
    return freed


@inner
def _piece(book: Book, board: Board, trails: Trails, work: Work, s: int, place: int, piece: int, freed: int) -> int:
    """Up to `piece` visits from a position on; how many are out now."""
    k = place
    for _ in range(piece):
        if k >= board.length[s]:
            break
        r, before = board.runs[s, k], freed
        if board.crew[r] == s or board.second[r] == s:
            freed = _free(book, board, trails, work, r, freed)
        k += freed == before
    return freed


@inner
def _any(book: Book, board: Board, trails: Trails, work: Work, most: int) -> int:
    freed = 0
    for _ in range(most):
        r = below(work.dice, board.crew.shape[0])
        if board.crew[r] >= 0:
            freed = _free(book, board, trails, work, r, freed)
    return freed


@inner
def _some_shift(board: Board, work: Work) -> int:
    """A shift, rather one that holds something."""
    s = below(work.dice, board.length.shape[0])
    for _ in range(TRIES):
        if board.length[s] > 0:
            break
        s = below(work.dice, board.length.shape[0])
    return s
