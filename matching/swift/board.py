"""The plan that the compiled search changes: a state in arrays, with clocks for each position of each run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matching.engine.runs import legs
from matching.engine.state import ALONE, State
from matching.exact.arrays import Ints
from matching.swift.book import NOBODY, Book, ints
from matching.swift.clocks import set_clocks

# Room in a run beside what fits by minutes, which are not always a limit.
SPARE, WIDEST = 3, 60


class Board(NamedTuple):
    """`runs[s, :length[s]]` is a shift's run, `way[s]` its travel, `mate[s]` the shift a pair goes with (NOBODY).

    `clock[s, i]` is when one may leave for the ith visit, `late[s, i]` the latest arrival at it from which the rest
    still fits (the end of the shift after the last): both are kept for shifts without a mate. `crew[r]` is the new
    seat of a request that may be moved, `second[r]` that of the other one of two. `visits` are counted by slot,
    `trips` by volunteer; `total[0]` are the points.
    """

    runs: Ints
    length: Ints
    clock: Ints
    late: Ints
    way: Ints
    mate: Ints
    crew: Ints
    second: Ints
    visits: Ints
    trips: Ints
    total: Ints


def board_of(book: Book, state: State) -> Board:
    """The board of a legal state."""
    prep = state.prep
    shifts, width = len(state.runs), _width(state)
    runs = np.full((shifts, width), NOBODY, dtype=np.int64)
    clock, late = (np.zeros((shifts, width + 1), dtype=np.int64) for _ in range(2))
    clock[:, 0], late[:, 0] = book.arrays.hours.start, book.arrays.hours.end
    for s, run in enumerate(state.runs):
        runs[s, : len(run)] = run
    seats = [state.new_seats(r) if book.asked.free[r] else () for r in range(len(prep.requests))]
    board = Board(
        runs=runs,
        length=ints(map(len, state.runs)),
        clock=clock,
        late=late,
        way=ints(state.way),
        mate=ints(NOBODY if mate == ALONE else mate for mate in state.mate),
        crew=ints(crew[0] if crew else NOBODY for crew in seats),
        second=ints(crew[1] if len(crew) == 2 else NOBODY for crew in seats),
        visits=ints(state.visits),
        trips=ints(state.trips),
        total=ints([state.total]),
    )
    set_clocks(book.arrays, board.runs, board.length, board.mate, clock, late)
    return board


def _width(state: State) -> int:
    """Positions of the longest run that may come to be: what fits by minutes, within reason."""
    prep = state.prep
    longest = max(map(len, state.runs), default=0)
    minutes = max((end - start for start, end in zip(prep.start, prep.end, strict=True)), default=0)
    fitting = minutes // min(prep.duration, default=1)
    return max(longest, min(fitting, WIDEST, len(prep.requests))) + SPARE


def state_of(board: Board, book: Book, state: State) -> State:
    """The state of a board whose requests that may not be moved are as in `state`."""
    prep, twin = state.prep, state.copy()
    for r, (s, t) in enumerate(zip(board.crew.tolist(), board.second.tolist(), strict=True)):
        if book.asked.free[r]:
            twin.crew[r] = (*prep.promised[r], *(seat for seat in (s, t) if seat != NOBODY))
    rows = zip(board.runs.tolist(), board.length.tolist(), strict=True)
    twin.runs = [tuple(run[:length]) for run, length in rows]
    twin.mate = [ALONE if mate == NOBODY else mate for mate in board.mate.tolist()]
    twin.way = [sum(legs(prep, s, run)) for s, run in enumerate(twin.runs)]
    twin.visits, twin.trips = [0] * len(prep.done), [0] * len(prep.volunteers)
    twin.total = sum(prep.worth(r, crew) for r, crew in enumerate(twin.crew)) - prep.weights.travel * sum(twin.way)
    for crew in twin.crew:
        for s in crew:
            twin.total += twin.count(s)
    return twin
