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
    `cand[first[i]:first[i + 1]]`, with `worth`, `detour` and `helps` as in a Block; `promised` alike by
    `promised_first`. `offset` is what its runs are worth beside what the kernel counts."""

    shift: Ints
    first: Ints
    cand: Ints
    worth: Ints
    detour: Ints
    helps: Ints
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
def searched(
    arrays: Arrays, members: Ints, promised: Ints, kept: tuple[Ints, Ints, Ints, Ints], asking: Asking,
    threshold: int, most: int, steps: int, table: Table,
) -> Found:  # fmt: skip
    cand, gain, detour, helps = kept
    none = np.zeros(0, np.int64)
    return best_sets(
        arrays,
        Task(
            members, promised, cand, gain, detour, helps, np.zeros(cand.shape[0] + 1, np.int64), none, none, none,
            asking.weight, threshold, most, asking.found, steps, 0,
        ),
        table,
    )  # fmt: skip


@nb.njit(cache=True, nogil=True)
def written(runs: Runs, count: int, i: int, found: Found) -> int:
    for k in range(found.count):
        runs.block[count], runs.length[count] = i, found.lengths[k]
        runs.run[count, : found.lengths[k]] = found.runs[k, : found.lengths[k]]
        count += 1
    return count


@nb.njit(cache=True, nogil=True)
def made_dearer(found: Found, asking: Asking) -> None:
    """What the best of these runs takes is dearer for the next."""
    if asking.spread > 0 and found.count:
        best = int(np.argmax(found.values))
        for r in found.runs[best, : found.lengths[best]]:
            asking.request[r] += asking.prize[r] // asking.spread


@nb.njit(cache=True, nogil=True)
def room_for(count: int, found: int) -> Runs:
    size = max(1, count * abs(found))
    return Runs(
        np.empty(size, np.int64), np.empty(size, np.int64), np.empty((size, LONGEST), np.int64),
        np.zeros(count, np.int64), np.zeros(count, np.int64),
    )  # fmt: skip


@nb.njit(cache=True, nogil=True)
def filled(runs: Runs, count: int) -> Runs:
    return Runs(
        runs.block[:count].copy(), runs.length[:count].copy(), runs.run[:count].copy(), runs.highest, runs.loose
    )


@nb.njit(cache=True, nogil=True)
def noted(runs: Runs, n: int, found: Found, threshold: int, price: int) -> None:
    """What no run of this block exceeds, where `price` says what `threshold` is worth with the offset."""
    best = max(threshold, found.values.max()) if found.count else threshold
    runs.loose[n] = max(0, found.beyond - best)
    runs.highest[n] = best + runs.loose[n] + price - threshold


@nb.njit(cache=True, nogil=True)
def sweep(arrays: Arrays, sheet: Sheet, which: Ints, price: Ints, steps: Ints, asking: Asking, table: Table) -> Runs:
    """The best runs, worth more than `price[s]`, of the shifts of the blocks `which`; `steps` by block."""
    runs, count = room_for(which.shape[0], asking.found), 0
    for n in range(which.shape[0]):
        i = which[n]
        s, lo, hi = sheet.shift[i], sheet.first[i], sheet.first[i + 1]
        cand = sheet.cand[lo:hi]
        gain = sheet.worth[lo:hi] - asking.request[cand] - asking.fee[s]
        keep = (gain > asking.weight * sheet.detour[lo:hi]) | (sheet.helps[lo:hi] > 0)
        runs.highest[n] = price[s]
        if not keep.any():
            continue
        kept = cand[keep], gain[keep], sheet.detour[lo:hi][keep], sheet.helps[lo:hi][keep]
        promised = sheet.promised[sheet.promised_first[i] : sheet.promised_first[i + 1]]
        threshold = price[s] - sheet.offset[i]
        found = searched(arrays, np.array([s]), promised, kept, asking, threshold, sheet.most[i], steps[i], table)
        noted(runs, n, found, threshold, price[s])
        count = written(runs, count, n, found)
        made_dearer(found, asking)
    return filled(runs, count)
