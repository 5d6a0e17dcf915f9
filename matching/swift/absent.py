"""Compiled: who is asked to come in after a ruin: those taken out, anywhere, and those left out, where it was."""

from __future__ import annotations

from matching.exact.compiled import inner
from matching.swift.board import Board
from matching.swift.book import Book
from matching.swift.dice import unit
from matching.swift.trail import Trail
from matching.swift.work import Work

# Marks: taken out, asked, seen and not asked in this step.
FREED, ASKED, PASSED = 1, 2, 3
# Of those left out at least this share is asked in a step; all of them where the step is so inclined.
LEAST_ASKED = 0.15


@inner
def gather(book: Book, board: Board, step: Trail, work: Work, freed: int) -> tuple[int, int, int]:
    """(how many stand in `work.absent`, in `work.seen`, in `work.opened`). The seats offered are written down."""
    for i in range(freed):
        r = work.freed[i]
        work.mark[r], work.seen[i], work.absent[i] = FREED, r, r
    opened = _open(book, board, step, work)
    absent, seen = _ask(book, board, work, freed, opened)
    _offer(book, work, freed, absent, opened)
    return absent, seen, opened


@inner
def _open(book: Book, board: Board, step: Trail, work: Work) -> int:
    """The shifts that something was taken from; where that week was full, all its shifts."""
    slot, limit, week, opened = book.people.slot, book.people.limit, book.week, 0
    for i in range(step.size[0]):
        s = step.shift[i]
        work.gone[slot[s]] += step.length[s] - board.length[s]
        work.open[s], work.opened[opened] = 1, s
        opened += 1
    for i in range(step.size[0]):
        w = slot[step.shift[i]]
        if board.visits[w] + work.gone[w] >= limit[w]:
            for k in range(week.first[w], week.first[w + 1]):
                s = week.item[k]
                if not work.open[s]:
                    work.open[s], work.opened[opened] = 1, s
                    opened += 1
    for i in range(step.size[0]):
        work.gone[slot[step.shift[i]]] = 0
    return opened


@inner
def _ask(book: Book, board: Board, work: Work, freed: int, opened: int) -> tuple[int, int]:
    """Count those left out who could come to an open shift, and their seats there."""
    guests, teams, first = book.guests, book.teams, work.offers.first
    absent = seen = freed
    share = LEAST_ASKED + (1 - LEAST_ASKED) * unit(work.dice) ** 2
    for i in range(opened):
        s = work.opened[i]
        for k in range(guests.first[s], guests.first[s + 1]):
            r = guests.request[k]
            if work.mark[r] == 0 and board.crew[r] < 0:
                work.mark[r], work.seen[seen] = PASSED, r
                seen += 1
                if unit(work.dice) < share:
                    work.mark[r], work.number[r], work.absent[absent] = ASKED, absent, r
                    first[absent + 1] = 0
                    absent += 1
            if work.mark[r] == ASKED:
                first[work.number[r] + 1] += 1
        for k in range(teams.first[s], teams.first[s + 1]):
            r = teams.item[k]
            if work.mark[r] == 0 and board.crew[r] < 0:
                work.mark[r], work.seen[seen], work.absent[absent] = ASKED, r, r
                first[absent + 1] = 0
                seen += 1
                absent += 1
    return absent, seen


@inner
def _offer(book: Book, work: Work, freed: int, absent: int, opened: int) -> None:
    """Write down the seats: all of those freed, those in open shifts of the others."""
    singles, guests, offers = book.singles, book.guests, work.offers
    offers.first[0] = 0
    for i in range(absent):
        begin = offers.first[i]
        if i >= freed:
            offers.first[i + 1] += begin
            offers.best[i] = begin
            continue
        r, end = work.absent[i], begin
        for k in range(singles.first[r], singles.first[r + 1]):
            offers.shift[end], offers.worth[end] = singles.shift[k], singles.worth[k]
            end += 1
        offers.first[i + 1] = end
    for i in range(opened):
        s = work.opened[i]
        for k in range(guests.first[s], guests.first[s + 1]):
            r = guests.request[k]
            if work.mark[r] == ASKED:
                at = offers.best[work.number[r]]
                offers.shift[at], offers.worth[at] = s, guests.worth[k]
                offers.best[work.number[r]] += 1


@inner
def forget(work: Work, seen: int, opened: int) -> None:
    """Marks as before the step."""
    for i in range(seen):
        work.mark[work.seen[i]] = 0
    for i in range(opened):
        work.open[work.opened[i]] = 0
