"""The best order of a set of visits, found over its subsets, in a table that grows with the set.

The table of a set is there already when one more visit joins: only the sets with the new visit are filled in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matching.exact.arrays import Arrays, Ints
from matching.exact.compiled import bare
from matching.exact.hours import NEVER, begin
from matching.exact.local import Local

# Orders of one set with one last visit of which none is better than another in time and way; and the most visits.
FRONT = 16
LONGEST = 10
# What may be lost on the way: an order for which there was no room in the table, and one that was too far.
FULL, FAR = 1, 2


class Table(NamedTuple):
    """By set of places in the path (bits), last of them, entry: end of the last visit, ways, and the entry before."""

    count: Ints
    clock: Ints
    way_s: Ints
    way_t: Ints
    before: Ints
    entry: Ints


def new_table() -> Table:
    """Room to work in, for any number of calls one after the other."""
    shape = (1 << LONGEST, LONGEST, FRONT)
    return Table(np.zeros(shape[:2], np.int64), *(np.zeros(shape, np.int64) for _ in range(5)))


@bare
def _offer(table: Table, mask: int, last: int, clock: int, way_s: int, way_t: int, before: int, entry: int) -> bool:
    """Keep this order unless another is as good in everything; False where the table is full."""
    count = table.count[mask, last]
    kept = 0
    for f in range(count):
        c, s, t = table.clock[mask, last, f], table.way_s[mask, last, f], table.way_t[mask, last, f]
        if c <= clock and s <= way_s and t <= way_t:
            # None of those behind it can have been beaten before: nothing was moved yet.
            return True
        if clock <= c and way_s <= s and way_t <= t:
            continue
        if kept != f:
            table.clock[mask, last, kept], table.way_s[mask, last, kept], table.way_t[mask, last, kept] = c, s, t
            table.before[mask, last, kept] = table.before[mask, last, f]
            table.entry[mask, last, kept] = table.entry[mask, last, f]
        kept += 1
    if kept == FRONT:
        table.count[mask, last] = kept
        return False
    table.clock[mask, last, kept], table.way_s[mask, last, kept], table.way_t[mask, last, kept] = clock, way_s, way_t
    table.before[mask, last, kept], table.entry[mask, last, kept] = before, entry
    table.count[mask, last] = kept + 1
    return True


@bare
def _step(
    arrays: Arrays, local: Local, table: Table, path: Ints, mask: int, last: int, before: int, entry: int,
    clock_s: int, clock_t: int, way_s: int, way_t: int,
) -> int:  # fmt: skip
    """Go on to the visit at place `last` of the path; FULL and FAR say what was lost on it."""
    origin = local.origin if before < 0 else path[before]
    leg_s, leg_t = local.leg_s[origin, path[last]], local.leg_t[origin, path[last]]
    way_s, way_t = way_s + leg_s, way_t + leg_t
    if way_s > local.most_s or way_t > local.most_t:
        return FAR
    r = local.asked[path[last]]
    start = begin(arrays, r, max(clock_s + leg_s, clock_t + leg_t))
    if start == NEVER or start + arrays.asked.duration[r] > local.end:
        return 0
    kept = _offer(table, mask, last, start + arrays.asked.duration[r], way_s, way_t, before, entry)
    return 0 if kept else FULL


@bare
def extend(arrays: Arrays, local: Local, table: Table, path: Ints, bit: int) -> int:
    """Fill the table for all sets of the path's first places that hold place `bit`; FULL and FAR as in `_step`."""
    lost = 0
    for rest in range(1 << bit):
        mask = rest | (1 << bit)
        for last in range(bit + 1):
            if not mask & (1 << last):
                continue
            table.count[mask, last] = 0
            earlier = mask ^ (1 << last)
            if earlier == 0:
                lost |= _step(
                    arrays, local, table, path, mask, last, -1, 0, local.start_s, local.start_t, 0, 0,
                )  # fmt: skip
                continue
            for before in range(bit + 1):
                if not earlier & (1 << before):
                    continue
                for f in range(table.count[earlier, before]):
                    clock = table.clock[earlier, before, f]
                    lost |= _step(
                        arrays, local, table, path, mask, last, before, f, clock, clock,
                        table.way_s[earlier, before, f], table.way_t[earlier, before, f],
                    )  # fmt: skip
    return lost


@bare
def way_home(local: Local, table: Table, path: Ints, bits: int) -> tuple[int, int, int, int]:
    """(least way of the whole path with the way back, its last place, its entry, FAR or 0); NEVER where none fits."""
    mask, best, lost = (1 << bits) - 1, (NEVER, -1, -1), 0
    for last in range(bits):
        back_s, back_t = local.back_s[path[last]], local.back_t[path[last]]
        for f in range(table.count[mask, last]):
            clock = table.clock[mask, last, f]
            way_s, way_t = table.way_s[mask, last, f] + back_s, table.way_t[mask, last, f] + back_t
            if clock + back_s > local.end_s or clock + back_t > local.end_t:
                continue
            if way_s > local.most_s or way_t > local.most_t:
                lost = FAR
            elif way_s + way_t < best[0]:
                best = (way_s + way_t, last, f)
    return best[0], best[1], best[2], lost


@bare
def write(local: Local, table: Table, path: Ints, bits: int, last: int, entry: int, run: Ints) -> None:
    """The order of the path that ends with this entry, as request numbers."""
    mask = (1 << bits) - 1
    for at in range(bits - 1, -1, -1):
        run[at] = local.asked[path[last]]
        before, f = table.before[mask, last, entry], table.entry[mask, last, entry]
        mask ^= 1 << last
        last, entry = before, f
