"""Room for the compiled search to work in, made once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.exact.arrays import Ints
from matching.swift.book import Book
from matching.swift.dice import Dice

Floats = npt.NDArray[np.float64]
# A seat is overlooked so often, that the same one is not taken every time.
BLINK = 0.03


class Offers(NamedTuple):
    """Seats for the absent, those of the ith from `first[i]` to `first[i + 1]`: shift and points; and as long as the
    plan around them stands, gain, position (NOBODY where it does not fit) and detour.

    `best[i]` is the best of them, or NOBODY, and `rate[i]` what it brings for its time; `power[0]` is that of this
    step, `fancy[i]` a factor drawn for the request.
    """

    first: Ints
    shift: Ints
    worth: Ints
    gain: Floats
    place: Ints
    detour: Ints
    best: Ints
    rate: Floats
    fancy: Floats
    power: Floats


class Work(NamedTuple):
    """`freed` are the requests taken out in this step, `absent` those that may come in now, of which the first are
    the freed; `mark[r]` tells which is which (`absent.py`) and `number[r]` its number among the absent. `order` and
    `score` are for sorting them.

    `opened` are the shifts where there may be room now, `open[s]` is 1 for these; `gone[slot]` counts visits.
    """

    dice: Dice
    freed: Ints
    absent: Ints
    seen: Ints
    mark: Ints
    number: Ints
    order: Ints
    score: Floats
    opened: Ints
    open: Ints
    gone: Ints
    offers: Offers


def new_work(book: Book, dice: Dice) -> Work:
    """Room for a book's numbers of requests and shifts."""
    requests, shifts, seats = len(book.asked.free), len(book.people.owner), len(book.singles.shift)

    def room(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    offers = Offers(
        room(requests + 1), room(seats), room(seats), np.zeros(seats), room(seats), room(seats),
        room(requests), np.zeros(requests), np.zeros(requests), np.zeros(1),
    )  # fmt: skip
    return Work(
        dice=dice,
        freed=room(requests),
        absent=room(requests),
        seen=room(requests),
        mark=room(requests),
        number=room(requests),
        order=room(requests),
        score=np.zeros(requests),
        opened=room(shifts),
        open=room(shifts),
        gone=room(len(book.people.limit)),
        offers=offers,
    )
