"""Compiled: what one visit more in a shift brings or costs, whatever it is."""

from __future__ import annotations

from matching.exact.compiled import inner
from matching.swift.board import Board
from matching.swift.book import Book


@inner
def has_room(book: Book, board: Board, s: int) -> bool:
    """Whether the week has room for one more visit, and the run's row."""
    slot = book.people.slot[s]
    return board.visits[slot] < book.people.limit[slot] and board.length[s] + 1 < board.runs.shape[1]


@inner
def one_more(book: Book, board: Board, s: int) -> int:
    """Fairness points of one more visit, as `State.one_more`."""
    people, slot, v = book.people, book.people.slot[s], book.people.owner[s]
    before = people.done[slot] + board.visits[slot]
    points = -book.kth * before - book.over * max(0, before + 1 - people.wish[slot])
    return points + (people.bonus[v] if board.trips[v] == 0 else 0)


@inner
def count(book: Book, board: Board, s: int) -> None:
    """One visit more: counts and points."""
    board.total[0] += one_more(book, board, s)
    board.visits[book.people.slot[s]] += 1
    board.trips[book.people.owner[s]] += 1


@inner
def discount(book: Book, board: Board, s: int) -> None:
    """One visit fewer."""
    board.visits[book.people.slot[s]] -= 1
    board.trips[book.people.owner[s]] -= 1
    board.total[0] -= one_more(book, board, s)
