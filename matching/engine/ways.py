"""Ways to seat one request in a standing plan: directly, or where one other visit gives way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.pairing import free_pairs, is_pair, pairs_in_the_place_of_one
from matching.engine.seating import Seating, ints
from matching.engine.state import ALONE, Move
from matching.exact.arrays import Ints
from matching.exact.seats import best_swaps

# Of the visits that could give way, so many are judged to the end: those that cost least with their prize kept, and
# those that cost least with their prize lost.
MOST_KEPT, MOST_LOST = 12, 8


@dataclass(frozen=True, slots=True)
class Step:
    """What puts a request into the plan: its own move, and where another visit gives way, that one's.

    `gain` counts both. `gone` is the visit that gives way; `next` its new seat, None where it is left out, and then
    `fits` the shifts that would take it at a loss.
    """

    gain: int
    move: Move
    gone: int | None = None
    next: Move | None = None
    fits: tuple[int, ...] = ()


def direct(seating: Seating, r: int, most: int) -> list[Step]:
    """Ways to seat r that leave every other visit in its shift; of pairs of empty shifts the `most` best."""
    if seating.state.full(r):
        return []
    if is_pair(seating, r):
        return [Step(move.gain, move) for move in free_pairs(seating, r, most)]
    shifts, gains, places = (values.tolist() for values in seating.free_seats(r))
    return [Step(gain, Move(gain, r, (s,), at)) for s, gain, at in zip(shifts, gains, places, strict=True)]


def displacing(seating: Seating, r: int) -> list[Step]:
    """Ways to seat r in the place of one new visit of one person, which goes to another shift or is left out.

    Two new people have one empty shift, and one whose only visit gives way. Judged to the end are the visits that look
    cheapest.
    """
    if seating.state.full(r):
        return []
    found = _pairs(seating, r) if is_pair(seating, r) else _singles(seating, r)
    return [_reseated(seating, move, gone) for move, gone in found]


def _singles(seating: Seating, r: int) -> list[tuple[Move, int]]:
    prep, state = seating.prep, seating.state
    shifts, worth = seating.singles(r)
    alone = seating.mate[shifts] == ALONE
    shifts, worth = shifts[alone], worth[alone]
    which, goes, ways, places = best_swaps(seating.arrays, seating.runs, seating.length, seating.movable, shifts, r)
    if not len(which):
        return []
    at = shifts[which]
    lost = ints([prep.worth(q, state.crew[q]) for q in goes.tolist()])
    gains = worth[which] - lost - prep.weights.travel * (ways - seating.way[at])
    kept = gains + ints([prep.prize[q] for q in goes.tolist()])
    cheap = dict.fromkeys((*_highest(kept, MOST_KEPT), *_highest(gains, MOST_LOST)))
    return [(Move(int(gains[i]), r, (int(at[i]),), int(places[i])), int(goes[i])) for i in cheap]


def _pairs(seating: Seating, r: int) -> list[tuple[Move, int]]:
    kept = pairs_in_the_place_of_one(seating, r, MOST_KEPT, lost=False)
    lost = pairs_in_the_place_of_one(seating, r, MOST_LOST, lost=True)
    return list(dict.fromkeys((*kept, *lost)))


def _reseated(seating: Seating, move: Move, gone: int) -> Step:
    """The visit that gives way has its best other seat, or none that gains."""
    (left,) = seating.state.crew[gone]
    joined = [s for s in move.seats if s != left]
    # Whoever joins from an empty shift has one visit more in that week.
    for s in joined:
        seating.visits[seating.slot[s]] += 1
        seating.trips[seating.owner[s]] += 1
    shifts, gains, places = seating.free_seats(gone, move.seats)
    for s in joined:
        seating.visits[seating.slot[s]] -= 1
        seating.trips[seating.owner[s]] -= 1
    best = int(np.argmax(gains)) if len(gains) else 0
    if not len(gains) or gains[best] <= 0:
        return Step(move.gain, move, gone, None, tuple(shifts.tolist()))
    again = Move(int(gains[best]), gone, (int(shifts[best]),), int(places[best]))
    return Step(move.gain + again.gain, move, gone, again)


def _highest(values: Ints, most: int) -> list[int]:
    order: list[int] = np.argsort(-values, kind="stable")[:most].tolist()
    return order
