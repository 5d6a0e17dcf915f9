"""Seats for two new people, who go together: two empty shifts, a pair that goes together already, or one that may."""

from __future__ import annotations

import numpy as np

from matching.engine.seating import Seating, ints
from matching.engine.state import ALONE, Move
from matching.exact.arrays import Ints
from matching.exact.hours import NEVER
from matching.exact.seats import NOBODY, Extra, Members, best_pairs, best_seats


def is_pair(seating: Seating, r: int) -> bool:
    """Whether two new people are needed at once."""
    return seating.prep.team[r] == 2 and not seating.prep.promised[r]


def free_pairs(seating: Seating, r: int, most: int) -> list[Move]:
    """The `most` best pairs of empty shifts, and every pair that goes together already."""
    may = ints(seating.hosts(r))
    room = may[seating.visits[seating.slot[may]] < seating.limit[seating.slot[may]]]
    empty = room[(seating.length[room] == 0) & (seating.mate[room] == ALONE)]
    members = _members(seating, r, empty, ints([]))
    gains, one, two = best_pairs(seating.arrays, members, _extra(seating, r), seating.prep.weights.travel, r, 0, most)
    seats = zip(members.shift[one].tolist(), members.shift[two].tolist(), strict=True)
    moves = [Move(gain, r, pair, 0) for gain, pair in zip(gains.tolist(), seats, strict=True)]
    return moves + _old_pairs(seating, r, set(room.tolist()))


def pairs_in_the_place_of_one(seating: Seating, r: int, most: int, lost: bool) -> list[tuple[Move, int]]:
    """(the move, the visit that gives way): one of two shifts is empty, the other's only visit goes elsewhere.

    The gain counts that visit as lost. The `most` best are found by it, or, unless `lost`, as if its prize were kept.
    """
    may = ints(seating.hosts(r))
    may = may[seating.mate[may] == ALONE]
    room = seating.visits[seating.slot[may]] < seating.limit[seating.slot[may]]
    empty = may[(seating.length[may] == 0) & room]
    one = may[seating.length[may] == 1]
    full = one[seating.movable[seating.runs[one, 0]] == 1]
    members = _members(seating, r, empty, full)
    kept = np.zeros(len(members.shift), dtype=np.int64)
    if not lost:
        prize = ints(seating.prep.prize)
        kept = members.full * prize[seating.runs[members.shift, 0]]
    raised = members._replace(points=members.points + kept)
    gains, one, two = best_pairs(seating.arrays, raised, _extra(seating, r), seating.prep.weights.travel, r, 1, most)
    result = []
    for gain, i, j in zip(gains.tolist(), one.tolist(), two.tolist(), strict=True):
        seats = int(members.shift[i]), int(members.shift[j])
        gone = seats[0] if members.full[i] else seats[1]
        result.append((Move(gain - int(kept[i] + kept[j]), r, seats, 0), int(seating.runs[gone, 0])))
    return result


def _members(seating: Seating, r: int, empty: Ints, full: Ints) -> Members:
    """Empty shifts, and those whose only visit gives way, in order of day."""
    prep, state = seating.prep, seating.state
    shifts = np.concatenate([empty, full])
    gives_way = np.concatenate([np.zeros(len(empty), np.int64), np.ones(len(full), np.int64)])
    # Where one visit takes another's place, the week's count stays.
    own = [-prep.worth(q, state.crew[q]) for q in seating.runs[full, 0].tolist()]
    freed = ints(own) + prep.weights.travel * seating.way[full]
    points = np.concatenate([seating.one_more(empty), freed])
    order = np.argsort(seating.day[shifts], kind="stable")
    shifts, v = shifts[order], seating.owner[shifts[order]]
    liked, earlier, spent = seating.people(r)
    skilled = np.zeros(len(seating.idle), dtype=np.int64)
    skilled[list(prep.skilled[r])] = 1
    return Members(
        shift=shifts,
        owner=v,
        day=seating.day[shifts],
        skilled=skilled[v],
        full=gives_way[order],
        shared=seating.shared(r, shifts),
        points=points[order] + liked[v],
        spent=spent[v],
        earlier=earlier[v],
    )


def _extra(seating: Seating, r: int) -> Extra:
    weights = seating.prep.weights
    people, day, _ = seating.prep.told.get(r, (frozenset(), 0, 0))
    if len(people) != 2:
        return Extra(weights.continuity, 0, NOBODY, NOBODY, 0)
    one, two = sorted(seating.number[name] for name in people)
    return Extra(weights.continuity, weights.stability, one, two, day)


def _old_pairs(seating: Seating, r: int, members: set[int]) -> list[Move]:
    """Two people who go together in these shifts already, or have promised nothing but common visits in them."""
    prep, state = seating.prep, seating.state
    found = []
    for s in sorted(members):
        run = state.runs[s]
        crew = set(state.crew[run[0]]) if run else set()
        if len(crew) != 2 or s != min(crew) or not crew <= members or any(set(state.crew[q]) != crew for q in run):
            continue
        t = max(crew)
        if state.runs[t] != run or not {prep.owner[s], prep.owner[t]} & prep.skilled[r]:
            continue
        way, place = best_seats(seating.arrays, seating.runs, seating.length, ints([s]), ints([t]), r)
        if way[0] < NEVER:
            seats = (s, t) if prep.owner[s] in prep.skilled[r] else (t, s)
            gain = prep.worth(r, seats) + state.one_more(s) + state.one_more(t)
            gain -= prep.weights.travel * (int(way[0]) - state.way[s] - state.way[t])
            found.append(Move(gain, r, seats, int(place[0])))
    return found
