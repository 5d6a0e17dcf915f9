"""What the compiled search reads and never changes: who may be seated where, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from matching.engine.moves import Moves
from matching.engine.options import Pair
from matching.engine.state import State
from matching.exact.arrays import FREE, Arrays, Ints
from matching.swift.near import nearest

NOBODY = -1
# Without a wish of their own nobody has too many visits.
NO_WISH = 2**40
RELATED = 40


class Singles(NamedTuple):
    """Seats for one new person: of request r the shifts `shift[first[r]:first[r + 1]]`, for `worth` points."""

    first: Ints
    shift: Ints
    worth: Ints


class Pairs(NamedTuple):
    """Seats for two new people, who go together: of request r the shifts `one` and `two`, for `worth` points."""

    first: Ints
    one: Ints
    two: Ints
    worth: Ints


class Guests(NamedTuple):
    """The same by shift: to shift s may come the requests `request[first[s]:first[s + 1]]`, for `worth` points."""

    first: Ints
    request: Ints
    worth: Ints


class Lists(NamedTuple):
    """Lists of different length: the ith is `item[first[i]:first[i + 1]]`."""

    first: Ints
    item: Ints


class Asked(NamedTuple):
    """By request: whether it may be moved, whether by two people, where one of a team has promised to come (NOBODY),
    the prize, the first and the last start of all windows, and the nearest others (NOBODY at the end)."""

    free: Ints
    two: Ints
    host: Ints
    prize: Ints
    opens: Ints
    last: Ints
    related: Ints


class People(NamedTuple):
    """By shift its volunteer, and its slot (volunteer and week); by slot the limit of new and promised visits, those
    done before and the wish; by volunteer the points of a first visit."""

    owner: Ints
    slot: Ints
    limit: Ints
    done: Ints
    wish: Ints
    bonus: Ints


class Book(NamedTuple):
    """`teams` are the requests for two that may come to a shift, `week` the shifts of a slot.

    `weight` is the cost of a unit of travel, `kth` and `over` those of fairness.
    """

    arrays: Arrays
    singles: Singles
    pairs: Pairs
    guests: Guests
    teams: Lists
    week: Lists
    asked: Asked
    people: People
    weight: int
    kth: int
    over: int


def book_of(moves: Moves, arrays: Arrays, strange: Iterable[tuple[int, int, int]] = ()) -> Book:
    """The book of a problem. Pairs are the near ones, and (request, shift, shift) of `strange`."""
    prep, options = moves.prep, moves.options
    requests, shifts = range(len(prep.requests)), range(len(prep.shifts))
    alone = [options.single[r] for r in requests]
    pairs = [_near_pairs(moves, r) if options.is_pair(r) else [] for r in requests]
    for r, s, t in strange:
        pairs[r].append((s, t, prep.worth(r, (s, t))))
    guests: list[list[tuple[int, int]]] = [[] for _ in shifts]
    teams: list[list[int]] = [[] for _ in shifts]
    week: list[list[int]] = [[] for _ in prep.done]
    for s in shifts:
        week[prep.slot[s]].append(s)
    for r in requests:
        for s, worth in alone[r]:
            guests[s].append((r, worth))
        for s in sorted({s for pair in pairs[r] for s in pair[:2]}):
            teams[s].append(r)
    return Book(
        arrays=arrays,
        singles=Singles(_firsts(alone), *_columns(chain(*alone), 2)),
        pairs=Pairs(_firsts(pairs), *_columns(chain(*pairs), 3)),
        guests=Guests(_firsts(guests), *_columns(chain(*guests), 2)),
        teams=_lists(teams),
        week=_lists(week),
        asked=_asked(moves, arrays, [len(a) + len(b) for a, b in zip(alone, pairs, strict=True)]),
        people=_people(moves),
        weight=prep.weights.travel,
        kth=prep.weights.kth_visit_in_week,
        over=prep.weights.over_wish,
    )


def unknown_pairs(book: Book, state: State) -> list[tuple[int, int, int]]:
    """(request, shift, shift) of those who go together in a state, may part, and do not stand in the book."""
    first, one, two = book.pairs.first, book.pairs.one, book.pairs.two
    found = []
    for r, crew in enumerate(state.crew):
        if book.asked.two[r] and len(crew) == 2 and not any(state.prep.base_runs[s] for s in crew):
            near, (s, t) = slice(first[r], first[r + 1]), crew
            known = ((one[near] == s) & (two[near] == t)) | ((one[near] == t) & (two[near] == s))
            if not known.any():
                found.append((r, s, t))
    return found


def _near_pairs(moves: Moves, r: int) -> list[Pair]:
    """The near pairs. Where people have promised something, their pairs stay as they are."""
    held = moves.prep.base_runs
    return [pair for pair in moves.options.near_pairs(r) if not held[pair[0]] and not held[pair[1]]]


def _asked(moves: Moves, arrays: Arrays, seats: list[int]) -> Asked:
    prep, options = moves.prep, moves.options
    asked = arrays.asked
    opens, last = np.where(asked.fixed == FREE, 0, asked.fixed), np.where(asked.fixed == FREE, -1, asked.fixed)
    for r, windows in enumerate(prep.windows):
        if prep.fixed[r] is None and windows:
            opens[r] = min(window[0] for window in windows)
            last[r] = max(window[1] for window in windows) - prep.duration[r]
    free = [int(seats[r] > 0 and options.wanted(r)) for r in range(len(seats))]
    skills: dict[frozenset[str], int] = {}
    kinds = ints(skills.setdefault(request.skills, len(skills)) for request in prep.requests)
    return Asked(
        free=ints(free),
        two=ints(options.is_pair(r) for r in range(len(free))),
        host=ints(NOBODY if not promised else promised[0] for promised in prep.promised),
        prize=ints(prep.prize),
        opens=opens,
        last=last,
        related=nearest(arrays, np.flatnonzero(ints(free)), kinds, RELATED),
    )


def _people(moves: Moves) -> People:
    prep = moves.prep
    return People(
        owner=ints(prep.owner),
        slot=ints(prep.slot),
        limit=ints(prep.limit),
        done=ints(prep.done),
        wish=ints(NO_WISH if wish is None else wish for wish in prep.wish),
        bonus=ints(prep.weights.first_visit if volunteer.idle else 0 for volunteer in prep.volunteers),
    )


def ints(values: Iterable[int]) -> Ints:
    """As the kernels read them."""
    return np.array(list(values), dtype=np.int64)


def _firsts(lists: Sequence[Sequence[object]]) -> Ints:
    return np.cumsum([0, *map(len, lists)]).astype(np.int64)


def _lists(lists: list[list[int]]) -> Lists:
    return Lists(_firsts(lists), ints(chain(*lists)))


def _columns(rows: Iterable[tuple[int, ...]], width: int) -> tuple[Ints, ...]:
    table = np.fromiter(chain(*rows), dtype=np.int64).reshape(-1, width)
    return tuple(np.ascontiguousarray(table[:, i]) for i in range(width))
