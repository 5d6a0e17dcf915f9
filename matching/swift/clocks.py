"""Compiled: when one may be where in a run, forwards and backwards. The rules are those of `matching.engine.runs`."""

from __future__ import annotations

import numpy as np

from matching.exact.arrays import FREE, Arrays, Ints
from matching.exact.compiled import bare, inner
from matching.exact.hours import NEVER
from matching.exact.hours import begin as begin_at


@inner
def enters(arrays: Arrays, r: int, s: int) -> int:
    """The place where somebody of shift s comes to for r."""
    at = arrays.asked.place[r]
    return at if at >= 0 else arrays.hours.home[s]


@inner
def leaves(arrays: Arrays, r: int, s: int) -> int:
    """The place from which they go on."""
    out = arrays.asked.leave[r]
    return out if out >= 0 else enters(arrays, r, s)


@bare
def latest(arrays: Arrays, r: int, by: int) -> int:
    """The latest arrival at r from which its visit begins at `by` or before; -NEVER if none does."""
    asked = arrays.asked
    if asked.fixed[r] != FREE:
        return asked.fixed[r] if asked.fixed[r] <= by else -NEVER
    found = np.int64(-NEVER)
    for i in range(asked.first[r], asked.first[r + 1]):
        last = asked.closes[i] - asked.duration[r]
        if by < last and arrays.step == 1:
            last = by
        elif by < last:
            # Who comes after the last multiple of the step waits for the next one, where that fits.
            fits = -(-by // arrays.step) * arrays.step <= last
            last = by // arrays.step * arrays.step if fits else by
        if last >= asked.opens[i]:
            found = max(found, last)
    return int(found)


@inner
def travel(arrays: Arrays, s: int, run: Ints, visits: int) -> int:
    """The way of the first `visits` of a run, and back."""
    if visits == 0:
        return 0
    legs, hours = arrays.legs[arrays.hours.mode[s]], arrays.hours
    here, way = hours.origin[s], np.int64(0)
    for k in range(visits):
        way += legs[here, enters(arrays, run[k], s)]
        here = leaves(arrays, run[k], s)
    return int(way + legs[here, hours.target[s]])


@inner
def drive(arrays: Arrays, s: int, run: Ints, visits: int, clock: Ints, late: Ints, at: int) -> bool:
    """Set the clocks of a run whose visits before position `at` are as before; False where it does not fit."""
    asked, hours = arrays.asked, arrays.hours
    legs = arrays.legs[hours.mode[s]]
    here = hours.origin[s] if at == 0 else leaves(arrays, run[at - 1], s)
    time = clock[at]
    for k in range(at, visits):
        r = run[k]
        begin = begin_at(arrays, r, time + legs[here, enters(arrays, r, s)])
        if begin == NEVER:
            return False
        time = begin + asked.duration[r]
        clock[k + 1] = time
        here = leaves(arrays, r, s)
    if visits > 0 and time + legs[here, hours.target[s]] > hours.end[s]:
        return False
    onward, by = hours.target[s], hours.end[s]
    late[visits] = by
    for k in range(visits - 1, -1, -1):
        r = run[k]
        by = latest(arrays, r, by - legs[leaves(arrays, r, s), onward] - asked.duration[r])
        late[k] = by
        onward = enters(arrays, r, s)
    return True


@bare
def set_clocks(arrays: Arrays, runs: Ints, length: Ints, mate: Ints, clock: Ints, late: Ints) -> None:
    """The clocks of all runs of one person. A run of promises in conflict has none; it takes nothing new."""
    for s in range(length.shape[0]):
        if mate[s] < 0:
            drive(arrays, s, runs[s], length[s], clock[s], late[s], 0)
