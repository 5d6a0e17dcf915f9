"""Compiled: the best common runs of many pairs of shifts that hold no promises; pairs are made while asked for."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from matching.engine.prepare import ENDLESS
from matching.exact.arrays import Arrays, Ints
from matching.exact.orders import Table
from matching.exact.sweep import Asking, Runs, filled, made_dearer, noted, room_for, searched, written

Bytes = npt.NDArray[np.uint8]


class Teams(NamedTuple):
    """What two people may do together in shifts without promises. Team request k is request `number[k]`.

    `member[s, k]` is 1 where shift s may hold one of the two; `detour[s, k]` is the least detour of s to it; by
    person and team request: `skilled`, `liked` (points), `spent` (scarcity), `earlier`; `shared[day, k]` are the
    points of the day, `stands[k]` the two people and the day who were told, and `stability` the points for it.
    """

    number: Ints
    member: Bytes
    detour: Ints
    skilled: Bytes
    liked: Ints
    spent: Ints
    earlier: Bytes
    shared: Ints
    stands: Ints
    stability: int
    continuity: int
    owner: Ints
    day: Ints
    room: Ints


@nb.njit(cache=True, nogil=True)
def _common_worth(teams: Teams, s: int, t: int, k: int) -> int:
    """What a visit of the two is worth, travel and fairness aside; `matching.engine.prepare` says it in Python."""
    v, w, day = teams.owner[s], teams.owner[t], teams.day[s]
    worth = teams.shared[day, k] + teams.liked[v, k] + teams.liked[w, k]
    if teams.earlier[v, k] or teams.earlier[w, k]:
        worth += teams.continuity
    if teams.stands[k, 2] == day:
        one, two = teams.stands[k, 0], teams.stands[k, 1]
        if (v == one and w == two) or (v == two and w == one):
            worth += teams.stability
    if teams.skilled[v, k] and teams.skilled[w, k]:
        return worth - min(teams.spent[v, k], teams.spent[w, k])
    return worth - (teams.spent[v, k] if teams.skilled[v, k] else teams.spent[w, k])


@nb.njit(cache=True, nogil=True)
def _may_meet(arrays: Arrays, s: int, t: int, r: int) -> bool:
    asked, hours = arrays.asked, arrays.hours
    start, end = max(hours.start[s], hours.start[t]), min(hours.end[s], hours.end[t])
    for i in range(asked.first[r], asked.first[r + 1]):
        if max(start, asked.opens[i]) + asked.duration[r] <= min(end, asked.closes[i]):
            return True
    return False


@nb.njit(cache=True, nogil=True)
def _helps(arrays: Arrays, s: int, detour: int, r: int) -> bool:
    """Whether the visit may help another into this shift: by time, or where the way is limited by way."""
    return bool(detour < (0 if arrays.hours.most[s] < ENDLESS else -arrays.asked.duration[r]))


@nb.njit(cache=True, nogil=True)
def _common(
    arrays: Arrays, teams: Teams, s: int, t: int, asking: Asking, scale: int, kept: tuple[Ints, Ints, Ints, Ints]
) -> int:
    """Write what may gain for the two into `kept` (request, gain, detour, helps); how many these are."""
    count, v, w = 0, teams.owner[s], teams.owner[t]
    fee = asking.fee[s] + asking.fee[t]
    for k in range(teams.number.shape[0]):
        if not (teams.member[s, k] and teams.member[t, k]) or not (teams.skilled[v, k] or teams.skilled[w, k]):
            continue
        r = teams.number[k]
        detour = teams.detour[s, k] + teams.detour[t, k]
        helps = _helps(arrays, s, teams.detour[s, k], r) or _helps(arrays, t, teams.detour[t, k], r)
        gain = scale * _common_worth(teams, s, t, k) - asking.request[r] - fee
        if (gain > asking.weight * detour or helps) and _may_meet(arrays, s, t, r):
            kept[0][count], kept[1][count], kept[2][count], kept[3][count] = r, gain, detour, helps
            count += 1
    return count


@nb.njit(cache=True, nogil=True)
def _most(arrays: Arrays, kept: tuple[Ints, Ints, Ints, Ints], count: int, weight: int, room: int) -> int:
    """The most that these visits may gain together, as many as fit beside each other, the last in part."""
    most, taken = np.int64(0), np.zeros(count, np.uint8)
    while room > 0:
        best, rate = -1, 0.0
        for i in range(count):
            net = (kept[1][i] - weight * kept[2][i]) / arrays.asked.duration[kept[0][i]]
            if not taken[i] and net > rate:
                best, rate = i, net
        if best < 0:
            break
        taken[best] = 1
        net, size = kept[1][best] - weight * kept[2][best], arrays.asked.duration[kept[0][best]]
        most += net if size <= room else net * room // size + 1
        room -= size
    return int(most)


@nb.njit(cache=True, nogil=True)
def promising(
    arrays: Arrays, teams: Teams, shifts: Ints, price: Ints, asking: Asking, scale: int, most_pairs: int
) -> tuple[Ints, Ints, Ints, int]:
    """(shift, shift, by how much their common visits may be worth more than both prices) of the pairs among `shifts`,
    which are in order of day, and how many pairs there were beyond `most_pairs`."""
    one, two, beyond = np.empty(most_pairs, np.int64), np.empty(most_pairs, np.int64), np.empty(most_pairs, np.int64)
    kept, count = _kept(teams), 0
    for a in range(shifts.shape[0]):
        for b in range(a + 1, shifts.shape[0]):
            s, t = min(shifts[a], shifts[b]), max(shifts[a], shifts[b])
            if teams.day[s] != teams.day[t]:
                break
            if teams.owner[s] == teams.owner[t]:
                continue
            number = _common(arrays, teams, s, t, asking, scale, kept)
            least, sum_of_all = price[s] + price[t], np.int64(0)
            for i in range(number):
                sum_of_all += max(0, kept[1][i] - asking.weight * kept[2][i])
            if sum_of_all <= least:
                continue
            overlap = min(arrays.hours.end[s], arrays.hours.end[t]) - max(arrays.hours.start[s], arrays.hours.start[t])
            more = _most(arrays, kept, number, asking.weight, overlap) - least
            if more > 0:
                if count < most_pairs:
                    one[count], two[count], beyond[count] = s, t, more
                count += 1
    found = min(count, most_pairs)
    return one[:found], two[:found], beyond[:found], count - found


@nb.njit(cache=True, nogil=True)
def _kept(teams: Teams) -> tuple[Ints, Ints, Ints, Ints]:
    size = teams.number.shape[0]
    return np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)


@nb.njit(cache=True, nogil=True)
def sweep_pairs(
    arrays: Arrays, teams: Teams, one: Ints, two: Ints, price: Ints, bound: Ints, steps: Ints,
    asking: Asking, scale: int, table: Table,
) -> Runs:  # fmt: skip
    """The best runs of pairs, worth more than the `price` of both shifts; `bound[s]` is raised until no common run is
    worth more than the bounds of both shifts. `steps` by pair."""
    runs, count, kept = room_for(one.shape[0], asking.found), 0, _kept(teams)
    none = np.zeros(0, np.int64)
    for n in range(one.shape[0]):
        s, t = one[n], two[n]
        number = _common(arrays, teams, s, t, asking, scale, kept)
        part = kept[0][:number].copy(), kept[1][:number].copy(), kept[2][:number].copy(), kept[3][:number].copy()
        threshold, most = price[s] + price[t], min(teams.room[s], teams.room[t])
        found = searched(arrays, np.array([s, t]), none, part, asking, threshold, most, steps[n], table)
        noted(runs, n, found, threshold, threshold)
        bound[s] += max(0, runs.highest[n] - bound[s] - bound[t])
        count = written(runs, count, n, found)
        made_dearer(found, asking)
    return filled(runs, count)
