"""Compiled: where one request fits best into each of many given runs.

`runs[s, :length[s]]` is the run of shift s. A way is in units of time, both members' of a pair together; NEVER where
nothing fits. The rules are those of `matching.engine.runs`.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from matching.exact.arrays import Arrays, Ints
from matching.exact.compiled import bare
from matching.exact.hours import NEVER
from matching.exact.hours import begin as begin_at

NOBODY = -1


@bare
def _ride(arrays: Arrays, s: int, t: int, run: Ints, visits: int) -> int:
    """The way of the first `visits` of a run of shift s, or of the pair s and t; NEVER if it does not fit."""
    asked, hours, legs = arrays.asked, arrays.hours, arrays.legs
    pair = t != NOBODY
    other = t if pair else s
    here_s, here_t = hours.origin[s], hours.origin[other]
    time_s, time_t = hours.start[s], hours.start[other]
    way_s, way_t = np.int64(0), np.int64(0)
    for i in range(visits):
        r = run[i]
        at_s = asked.place[r] if asked.place[r] >= 0 else hours.home[s]
        leg_s = np.int64(legs[hours.mode[s], here_s, at_s])
        way_s += leg_s
        ready = time_s + leg_s
        at_t = at_s
        if pair:
            at_t = asked.place[r] if asked.place[r] >= 0 else hours.home[t]
            leg_t = np.int64(legs[hours.mode[t], here_t, at_t])
            way_t += leg_t
            ready = max(ready, time_t + leg_t)
        begin = begin_at(arrays, r, ready)
        if begin == NEVER:
            return NEVER
        time_s = time_t = begin + asked.duration[r]
        if time_s > hours.end[s]:
            return NEVER
        here_s = asked.leave[r] if asked.leave[r] >= 0 else at_s
        here_t = asked.leave[r] if asked.leave[r] >= 0 else at_t
    back = np.int64(legs[hours.mode[s], here_s, hours.target[s]])
    way_s += back
    if time_s + back > hours.end[s] or way_s > hours.most[s]:
        return NEVER
    if pair:
        back = np.int64(legs[hours.mode[t], here_t, hours.target[t]])
        way_t += back
        if time_t + back > hours.end[t] or way_t > hours.most[t]:
            return NEVER
    return int(way_s + way_t)


@bare
def _best_place(arrays: Arrays, s: int, t: int, rest: Ints, visits: int, r: int, longer: Ints) -> tuple[int, int]:
    """(way, position) of r in the first `visits` of `rest`, the last of the shortest; `longer` is room to work in."""
    best, place = NEVER, 0
    for i in range(visits):
        longer[i + 1] = rest[i]
    for at in range(visits + 1):
        longer[at] = r
        way = _ride(arrays, s, t, longer, visits + 1)
        # Of equally short ways the last: it leaves the most starts as they are.
        if way < NEVER and way <= best:
            best, place = way, at
        if at < visits:
            longer[at] = rest[at]
    return best, place


@nb.njit(cache=True, nogil=True)
def best_seats(arrays: Arrays, runs: Ints, length: Ints, one: Ints, two: Ints, r: int) -> tuple[Ints, Ints]:
    """By seat (shift `one[i]`, with `two[i]` unless that is NOBODY): the way with r at its best, and its position."""
    ways = np.empty(one.shape[0], np.int64)
    places = np.empty(one.shape[0], np.int64)
    longer = np.empty(runs.shape[1] + 1, np.int64)
    for i in range(one.shape[0]):
        s = one[i]
        ways[i], places[i] = _best_place(arrays, s, two[i], runs[s], length[s], r, longer)
    return ways, places


@nb.njit(cache=True, nogil=True)
def best_swaps(
    arrays: Arrays, runs: Ints, length: Ints, movable: Ints, shifts: Ints, r: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """r in the place of one visit: (index into `shifts`, the visit that goes, way, position in the run without it).

    Only visits q with `movable[q]` go, and only swaps that fit are named.
    """
    room = 0
    for i in range(shifts.shape[0]):
        room += length[shifts[i]]
    which = np.empty(room, np.int64)
    goes = np.empty(room, np.int64)
    ways = np.empty(room, np.int64)
    places = np.empty(room, np.int64)
    rest = np.empty(runs.shape[1] + 1, np.int64)
    longer = np.empty(runs.shape[1] + 1, np.int64)
    found = 0
    for i in range(shifts.shape[0]):
        s = shifts[i]
        for out in range(length[s]):
            if not movable[runs[s, out]]:
                continue
            for j in range(out):
                rest[j] = runs[s, j]
            for j in range(out + 1, length[s]):
                rest[j - 1] = runs[s, j]
            way, place = _best_place(arrays, s, NOBODY, rest, length[s] - 1, r, longer)
            if way < NEVER:
                which[found], goes[found], ways[found], places[found] = i, runs[s, out], way, place
                found += 1
    return which[:found], goes[:found], ways[:found], places[:found]


class Members(NamedTuple):
    """Shifts that may hold one of two new people, in order of day; by member:

    `full` 1 where another visit gives way, so that the shift is empty as all others are; `shared` what the visit on
    this day is worth to both together, `points` what counts for this one alone, the way aside; `spent` the scarcity
    of a skilled one; `earlier` 1 for who came before, which counts once.
    """

    shift: Ints
    owner: Ints
    day: Ints
    skilled: Ints
    full: Ints
    shared: Ints
    points: Ints
    spent: Ints
    earlier: Ints


class Extra(NamedTuple):
    """What counts for both of a pair: `continuity` once; `stability` for the people `one` and `two` on `day`."""

    continuity: int
    stability: int
    one: int
    two: int
    day: int


@bare
def _pair_points(members: Members, extra: Extra, i: int, j: int) -> int:
    """What a visit of the members i and j is worth, travel aside."""
    cost = members.spent[i] if members.skilled[i] else members.spent[j]
    if members.skilled[j] and members.spent[j] < cost:
        cost = members.spent[j]
    points = members.shared[i] + members.points[i] + members.points[j] - cost
    if members.earlier[i] or members.earlier[j]:
        points += extra.continuity
    a, b = members.owner[i], members.owner[j]
    if members.day[i] == extra.day and ((a == extra.one and b == extra.two) or (a == extra.two and b == extra.one)):
        points += extra.stability
    return points


@bare
def _meet(arrays: Arrays, s: int, t: int, ways: Ints, r: int) -> bool:
    """Whether two people can make one visit together; `ways` holds in and back of the one, then of the other."""
    hours = arrays.hours
    begin = begin_at(arrays, r, max(hours.start[s] + ways[0], hours.start[t] + ways[2]))
    if begin == NEVER:
        return False
    clock = begin + arrays.asked.duration[r]
    return bool(clock + ways[1] <= hours.end[s] and clock + ways[3] <= hours.end[t])


@nb.njit(cache=True, nogil=True)
def _ways(arrays: Arrays, shifts: Ints, r: int) -> Ints:
    """By shift: the way to r and the way back, as the only visit."""
    asked, hours, legs = arrays.asked, arrays.hours, arrays.legs
    leave = asked.leave[r] if asked.leave[r] >= 0 else asked.place[r]
    ways = np.empty((shifts.shape[0], 2), np.int64)
    for i in range(shifts.shape[0]):
        s = shifts[i]
        ways[i, 0] = legs[hours.mode[s], hours.origin[s], asked.place[r]]
        ways[i, 1] = legs[hours.mode[s], leave, hours.target[s]]
    return ways


@nb.njit(cache=True, nogil=True)
def best_pairs(
    arrays: Arrays, members: Members, extra: Extra, weight: int, r: int, full: int, most: int
) -> tuple[Ints, Ints, Ints]:
    """(gains, numbers of the first members, of the second) of the `most` best pairs for r alone, the best first.

    With `full` 0 no other visit gives way, with 1 exactly one does. The first of a pair is skilled.
    """
    ways = _ways(arrays, members.shift, r)
    both = np.empty(4, np.int64)
    limit = arrays.hours.most
    gains = np.full(most, -NEVER, np.int64)
    first, second = np.empty(most, np.int64), np.empty(most, np.int64)
    found = 0
    for i in range(members.shift.shape[0]):
        s = members.shift[i]
        if ways[i, 0] + ways[i, 1] > limit[s]:
            continue
        for j in range(i + 1, members.shift.shape[0]):
            t = members.shift[j]
            if members.day[i] != members.day[j]:
                break
            if members.owner[i] == members.owner[j] or not (members.skilled[i] or members.skilled[j]):
                continue
            if members.full[i] + members.full[j] != full or ways[j, 0] + ways[j, 1] > limit[t]:
                continue
            both[0], both[1], both[2], both[3] = ways[i, 0], ways[i, 1], ways[j, 0], ways[j, 1]
            gain = _pair_points(members, extra, i, j) - weight * both.sum()
            if (found == most and gain <= gains[most - 1]) or not _meet(arrays, s, t, both, r):
                continue
            found = min(found + 1, most)
            at = found - 1
            while at > 0 and gains[at - 1] < gain:
                gains[at], first[at], second[at] = gains[at - 1], first[at - 1], second[at - 1]
                at -= 1
            gains[at] = gain
            first[at], second[at] = (i, j) if members.skilled[i] else (j, i)
    return gains[:found], first[:found], second[:found]
