"""The best runs of one shift, or of a pair's two, set by set: each set of visits once, in its best order.

Sets grow by one visit at a time in a fixed order of the visits, so that none comes twice; what those still to come
may add at most is a knapsack's optimum, known beforehand for every rest of the order and every amount of time.
Everything is int64, so that what is proved here holds exactly. Values are in units of 1/SCALE points.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from matching.exact.arrays import Arrays, Ints
from matching.exact.compiled import bare
from matching.exact.hours import NEVER
from matching.exact.local import Local, Task, localize
from matching.exact.orders import FAR, FULL, Table, extend, way_home, write
from matching.exact.rest import Bounds, bounds_of


class Found(NamedTuple):
    """`count` runs of request numbers with their values; `beyond` is the highest value that a run not among them may
    have. It is at most the threshold where the search was complete and nothing was dropped."""

    count: int
    beyond: int
    values: Ints
    lengths: Ints
    runs: Ints


@bare
def _lowest(values: Ints) -> int:
    """Where the first of the lowest values is, -1 of none."""
    lowest = 0 if values.shape[0] else -1
    for i in range(1, values.shape[0]):
        if values[i] < values[lowest]:
            lowest = i
    return lowest


@bare
def _keep(values: Ints, count: int, value: int, all_of_them: bool) -> tuple[int, int]:
    """(where to write a run of this value or -1, how many there are then)."""
    if count < values.shape[0]:
        return count, count + 1
    worst = _lowest(values) if not all_of_them else -1
    return (worst, count) if worst >= 0 and value > values[worst] else (-1, count)


@bare
def _leave(task: Task, counts: Ints, i: int) -> None:
    """Candidate i is taken out again: its cuts."""
    for k in task.cut_of[task.cut_first[i] : task.cut_first[i + 1]]:
        counts[k] -= 1


@bare
def _penalty(task: Task, counts: Ints, i: int, nth: int) -> int:
    """What candidate i costs beside its price, as the nth of the run; counts it in its cuts."""
    price = task.even_price if nth % 2 == 0 else 0
    for k in task.cut_of[task.cut_first[i] : task.cut_first[i + 1]]:
        counts[k] += 1
        if counts[k] == 2:
            price += task.cut_price[k]
    return price


@nb.njit(cache=True, nogil=True)
def _new_found(most: int, longest: int) -> tuple[Ints, Ints, Ints]:
    """Room for so many values, lengths and runs."""
    return np.empty(most, np.int64), np.zeros(most, np.int64), np.zeros((most, longest), np.int64)


@bare
def _at_least(task: Task, values: Ints, found: int) -> int:
    """A run of this value or less is of no use: as many better ones are known as were asked for."""
    if task.most_found <= 0 or found < values.shape[0]:
        return task.threshold
    return max(task.threshold, values[_lowest(values)]) if values.shape[0] else task.threshold


class _Levels(NamedTuple):
    """By number of candidates in the set: minutes spoken for, way at least, the least ways in and back, worth aside
    from the way, the next candidate to try, what was lost in the table; and the path of places itself."""

    taken: Ints
    low: Ints
    ways_in: Ints
    sure: Ints
    turn: Ints
    lost: Ints
    path: Ints


@nb.njit(cache=True, nogil=True)
def _first_level(arrays: Arrays, local: Local, table: Table, task: Task, depth: int) -> _Levels:
    """The set of the promised visits alone."""
    fixed, n = task.promised.shape[0], task.cand.shape[0]
    path = np.zeros(fixed + depth + 1, np.int64)
    rows = np.zeros((6, depth + 1), np.int64)
    levels = _Levels(rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], path)
    levels.ways_in[0] = local.into[n:].sum() + local.least_back
    for k in range(fixed):
        path[k] = n + k
        levels.lost[0] |= extend(arrays, local, table, path, k)
    if fixed:
        way = way_home(local, table, path, fixed)[0]
        levels.low[0] = way if way < NEVER else 0
    return levels


@bare
def _may_add(local: Local, bounds: Bounds, levels: _Levels, level: int, weight: int) -> tuple[int, int, int, int]:
    """(the most that the set may be worth with what comes after, the time left for it) by detours, and by ways in."""
    sure, j, room = levels.sure[level], levels.turn[level], local.room - levels.taken[level]
    free = max(0, room - levels.low[level]) // bounds.unit
    free_in = max(0, room - levels.ways_in[level]) // bounds.unit
    most = sure - weight * levels.low[level] + bounds.rest[j, free]
    return most, free, sure - weight * levels.ways_in[level] + bounds.rest_in[j, free_in], free_in


@bare
def _hopeless(rest: Ints, size: Ints, net: Ints, j: int, most: int, free: int, at_least: int) -> bool:
    """Whether candidate j in the set cannot be of use; `most` is what may come with or without it."""
    if size[j] > free:
        return True
    with_j = net[j] + rest[j + 1, free - size[j]]
    return most - rest[j, free] + with_j <= at_least


@bare
def _go_on(local: Local, levels: _Levels, level: int, j: int, price: int, way: int, lost: int) -> None:
    """Candidate j joins the set."""
    before = level - 1
    levels.turn[level], levels.lost[level] = j + 1, lost
    levels.taken[level] = levels.taken[before] + local.minutes[j]
    levels.sure[level] = levels.sure[before] + local.gain[j] - price
    levels.ways_in[level] = levels.ways_in[before] + local.into[j]
    levels.low[level] = way if way != NEVER else levels.low[before] + local.detour[j]


@bare
def _back(local: Local, task: Task, levels: _Levels, counts: Ints, level: int) -> int:
    """The level before, without the candidate that had joined last."""
    if level > 0:
        _leave(task, counts, local.order[levels.turn[level - 1] - 1])
    return level - 1


@bare
def _record(
    local: Local,
    table: Table,
    task: Task,
    levels: _Levels,
    kept: tuple[Ints, Ints, Ints],
    found: int,
    value: int,
    bits: int,
    last: int,
    entry: int,
) -> tuple[int, int]:
    """Keep the run that ends so, where it is good enough: (how many there are then, the value where it is not)."""
    at, count = _keep(kept[0], found, value, task.most_found <= 0)
    if at < 0:
        return count, value
    kept[0][at], kept[1][at] = value, bits
    write(local, table, levels.path, bits, last, entry, kept[2][at])
    return count, -NEVER


@nb.njit(cache=True, nogil=True)
def best_sets(arrays: Arrays, task: Task, table: Table) -> Found:
    """The runs asked for that have at most LONGEST visits, promised ones included."""
    local = localize(arrays, task)
    bounds, fixed = bounds_of(local, task), task.promised.shape[0]
    kept = _new_found(abs(task.most_found), fixed + max(0, bounds.depth))
    if bounds.depth <= 0:
        return Found(0, bounds.rest[0, local.room // bounds.unit] if bounds.most else -NEVER, *kept)
    levels, counts = _first_level(arrays, local, table, task, bounds.depth), task.cut_begun.copy()
    found, beyond = _all_sets(arrays, local, table, task, bounds, levels, counts, kept)
    return Found(found, beyond, kept[0][:found], kept[1][:found], kept[2][:found])


@bare
def _all_sets(
    arrays: Arrays, local: Local, table: Table, task: Task, bounds: Bounds, levels: _Levels, counts: Ints,
    kept: tuple[Ints, Ints, Ints],
) -> tuple[int, int]:  # fmt: skip
    """(how many are kept, what others may be worth)."""
    fixed, n = task.promised.shape[0], task.cand.shape[0]
    found, beyond, steps, level, full = 0, np.int64(-NEVER), 0, 0, levels.lost[0]
    while level >= 0:
        at_least = _at_least(task, kept[0], found)
        most, free, most_in, free_in = _may_add(local, bounds, levels, level, task.weight)
        j, ended = levels.turn[level], level == bounds.depth or steps > task.most_steps
        if ended or j >= n or min(most, most_in) <= at_least:
            if ended and level < bounds.most:
                # Not looked at: at most this.
                beyond = max(beyond, min(most, most_in))
            level = _back(local, task, levels, counts, level)
            continue
        levels.turn[level] = j + 1
        if _hopeless(bounds.rest, bounds.size, local.net, j, most, free, at_least):
            continue
        if _hopeless(bounds.rest_in, bounds.size_in, bounds.gain_in, j, most_in, free_in, at_least):
            continue
        bits, levels.path[fixed + level] = fixed + level + 1, j
        steps += 1 << (bits - 1)
        lost = levels.lost[level] | extend(arrays, local, table, levels.path, bits - 1)
        way, last, entry, far = way_home(local, table, levels.path, bits)
        full |= lost
        # No more visits make such a run fit, but for those that may shorten the way.
        if way == NEVER and j >= local.helping and (j >= local.shorter or not (lost | far) & FAR):
            continue
        level += 1
        _go_on(local, levels, level, j, _penalty(task, counts, local.order[j], level), way, lost)
        value = levels.sure[level] - task.weight * way
        if way != NEVER and value > at_least:
            found, dropped = _record(local, table, task, levels, kept, found, value, bits, last, entry)
            beyond = max(beyond, dropped)
    if full & FULL:
        beyond = max(beyond, bounds.rest[0, local.room // bounds.unit])
    return found, beyond
