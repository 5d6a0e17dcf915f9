"""Two small kernels: the least detours to visits, and what each pair's visits may be worth together at most."""

from __future__ import annotations

import numba as nb
import numpy as np

from matching.exact.arrays import Arrays, Ints, Small


@nb.njit(cache=True, nogil=True)
def detours(legs: Small, enter: Ints, leave: Ints, count: int, origin: int, target: int) -> Ints:
    """For each of the first `count` visits: by how much it makes the way longer at least, whatever lies around it.

    Negative where somebody comes from one visit to another sooner over it than straight, by the travel alone.
    """
    n = enter.shape[0]
    straight, out = np.empty((n + 1, n + 1), np.int32), np.empty(n + 1, np.int32)
    for a in range(n + 1):
        for b in range(n + 1):
            straight[a, b] = legs[leave[a] if a < n else origin, enter[b] if b < n else target]
    found = np.empty(count, np.int64)
    for i in range(count):
        for b in range(n + 1):
            out[b] = straight[i, b]
        out[i] = 2**30
        least = np.int32(2**30)
        for a in range(n + 1):
            into = straight[a, i]
            if a != i:
                for b in range(n + 1):
                    least = min(least, np.int32(into + out[b] - straight[a, b]))
        found[i] = least
    return found


@nb.njit(cache=True, nogil=True)
def most_of_pairs(arrays: Arrays, s: Ints, t: Ints, first: Ints, cand: Ints, gain: Ints) -> Ints:
    """By pair: the most that its visits may gain together, as many as fit beside each other, the last in part."""
    hours, duration = arrays.hours, arrays.asked.duration
    most = np.zeros(s.shape[0], np.int64)
    for i in range(s.shape[0]):
        lo, hi = first[i], first[i + 1]
        room = min(hours.end[s[i]], hours.end[t[i]]) - max(hours.start[s[i]], hours.start[t[i]])
        taken = np.zeros(hi - lo, np.uint8)
        while room > 0:
            best, rate = -1, 0.0
            for k in range(lo, hi):
                if gain[k] > 0 and not taken[k - lo] and gain[k] / duration[cand[k]] > rate:
                    best, rate = k, gain[k] / duration[cand[k]]
            if best < 0:
                break
            taken[best - lo] = 1
            size = duration[cand[best]]
            most[i] += gain[best] if size <= room else gain[best] * room // size + 1
            room -= size
    return most
