"""Compiled: the best runs of many shifts, or of many pairs of shifts, in one call."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from matching.exact.arrays import Arrays, Ints
from matching.exact.local import Task
from matching.exact.orders import LONGEST, Table
from matching.exact.sets import Found, best_sets

Bytes = npt.NDArray[np.uint8]


class Sheet(NamedTuple):
    """What may come into the runs of single shifts: block i is shift `shift[i]`, its candidates are
    `cand[first[i]:first[i + 1]]`, with `worth`, `detour` and `earlier` as in a Block; `promised` alike by
    `promised_first`. `offset` is what its runs are worth beside what the kernel counts."""

    shift: Ints
    first: Ints
    cand: Ints
    worth: Ints
    detour: Ints
    earlier: Ints
    most: Ints
    offset: Ints
    promised_first: Ints
    promised: Ints


class Asking(NamedTuple):
    """Prices in 1/SCALE points: by request, what a visit costs more in a shift (`fee`), and the weight of travel;
    runs asked of a block, and with `spread` > 0 by what share of `prize` a visit taken gets dearer."""

    request: Ints
    fee: Ints
    weight: int
    found: int
    spread: int
    prize: Ints


class Runs(NamedTuple):
    """Run k belongs to block `block[k]` of those asked for. No run of block i is worth more than `highest[i]`, its
    offset counted; by `loose[i]` that is more than the best run found, or the price asked for, because the search was
    cut short."""

    block: Ints
    length: Ints
    run: Ints
    highest: Ints
    loose: Ints


@nb.njit(cache=True, nogil=True)
def _ask(
    arrays: Arrays, members: Ints, promised: Ints, kept: tuple[Ints, Ints, Ints, Ints], asking: Asking,
    threshold: int, most: int, steps: int, table: Table,
) -> Found:  # fmt: skip
    cand, gain, detour, earlier = kept
    none = np.zeros(0, np.int64)
    return best_sets(
        arrays,
        Task(
            members, promised, cand, gain, detour, earlier, np.zeros(cand.shape[0] + 1, np.int64), none, none, none,
            asking.weight, threshold, most, asking.found, steps, 0,
        ),
        table,
    )  # fmt: skip


@nb.njit(cache=True, nogil=True)
def _write(runs: Runs, count: int, i: int, found: Found) -> int:
    for k in range(found.count):
        runs.block[count], runs.length[count] = i, found.lengths[k]
        runs.run[count, : found.lengths[k]] = found.runs[k, : found.lengths[k]]
        count += 1
    return count


@nb.njit(cache=True, nogil=True)
def _raise(found: Found, asking: Asking) -> None:
    """What the best of these runs takes is dearer for the next."""
    if asking.spread > 0 and found.count:
        best = int(np.argmax(found.values))
        for r in found.runs[best, : found.lengths[best]]:
            asking.request[r] += asking.prize[r] // asking.spread


@nb.njit(cache=True, nogil=True)
def _room(count: int, found: int) -> Runs:
    size = max(1, count * abs(found))
    return Runs(
        np.empty(size, np.int64), np.empty(size, np.int64), np.empty((size, LONGEST), np.int64),
        np.zeros(count, np.int64), np.zeros(count, np.int64),
    )  # fmt: skip


@nb.njit(cache=True, nogil=True)
def _cut_off(runs: Runs, count: int) -> Runs:
    return Runs(
        runs.block[:count].copy(), runs.length[:count].copy(), runs.run[:count].copy(), runs.highest, runs.loose
    )


@nb.njit(cache=True, nogil=True)
def _note(runs: Runs, n: int, found: Found, threshold: int, price: int) -> None:
    """What no run of this block exceeds, where `price` says what `threshold` is worth with the offset."""
    best = max(threshold, found.values.max()) if found.count else threshold
    runs.loose[n] = max(0, found.beyond - best)
    runs.highest[n] = best + runs.loose[n] + price - threshold


@nb.njit(cache=True, nogil=True)
def sweep(arrays: Arrays, sheet: Sheet, which: Ints, price: Ints, steps: Ints, asking: Asking, table: Table) -> Runs:
    """The best runs, worth more than `price[s]`, of the shifts of the blocks `which`; `steps` by block."""
    runs, count = _room(which.shape[0], asking.found), 0
    for n in range(which.shape[0]):
        i = which[n]
        s, lo, hi = sheet.shift[i], sheet.first[i], sheet.first[i + 1]
        cand = sheet.cand[lo:hi]
        gain = sheet.worth[lo:hi] - asking.request[cand] - asking.fee[s]
        keep = (gain > asking.weight * sheet.detour[lo:hi]) | (sheet.earlier[lo:hi] > 0)
        runs.highest[n] = price[s]
        if not keep.any():
            continue
        kept = cand[keep], gain[keep], sheet.detour[lo:hi][keep], sheet.earlier[lo:hi][keep]
        promised = sheet.promised[sheet.promised_first[i] : sheet.promised_first[i + 1]]
        threshold = price[s] - sheet.offset[i]
        found = _ask(arrays, np.array([s]), promised, kept, asking, threshold, sheet.most[i], steps[i], table)
        _note(runs, n, found, threshold, price[s])
        count = _write(runs, count, n, found)
        _raise(found, asking)
    return _cut_off(runs, count)


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
def _common(
    arrays: Arrays, teams: Teams, s: int, t: int, asking: Asking, scale: int, kept: tuple[Ints, Ints, Ints, Ints]
) -> int:
    """Write what may gain for the two into `kept` (request, gain, detour, earlier); how many these are."""
    count, v, w = 0, teams.owner[s], teams.owner[t]
    fee = asking.fee[s] + asking.fee[t]
    for k in range(teams.number.shape[0]):
        if not (teams.member[s, k] and teams.member[t, k]) or not (teams.skilled[v, k] or teams.skilled[w, k]):
            continue
        r = teams.number[k]
        detour = teams.detour[s, k] + teams.detour[t, k]
        earlier = min(teams.detour[s, k], teams.detour[t, k]) < -arrays.asked.duration[r]
        gain = scale * _common_worth(teams, s, t, k) - asking.request[r] - fee
        if (gain > asking.weight * detour or earlier) and _may_meet(arrays, s, t, r):
            kept[0][count], kept[1][count], kept[2][count], kept[3][count] = r, gain, detour, earlier
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
    return most


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
    runs, count, kept = _room(one.shape[0], asking.found), 0, _kept(teams)
    none = np.zeros(0, np.int64)
    for n in range(one.shape[0]):
        s, t = one[n], two[n]
        number = _common(arrays, teams, s, t, asking, scale, kept)
        part = kept[0][:number].copy(), kept[1][:number].copy(), kept[2][:number].copy(), kept[3][:number].copy()
        threshold, most = price[s] + price[t], min(teams.room[s], teams.room[t])
        found = _ask(arrays, np.array([s, t]), none, part, asking, threshold, most, steps[n], table)
        _note(runs, n, found, threshold, threshold)
        bound[s] += max(0, runs.highest[n] - bound[s] - bound[t])
        count = _write(runs, count, n, found)
        _raise(found, asking)
    return _cut_off(runs, count)
