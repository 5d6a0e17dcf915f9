"""Compiled: requests that compete with each other, because they are near, free at the same time, and need the same."""

from __future__ import annotations

import numba as nb
import numpy as np

from matching.exact.arrays import FREE, Arrays, Ints

# Units of travel that other hours, and other skills, are as good as.
OTHER_HOURS, OTHER_SKILLS = 60, 15


@nb.njit(cache=True, nogil=True)
def _common_time(arrays: Arrays, r: int, q: int) -> bool:
    asked = arrays.asked
    for i in range(asked.first[r], asked.first[r + 1]):
        for j in range(asked.first[q], asked.first[q + 1]):
            if max(asked.opens[i], asked.opens[j]) < min(asked.closes[i], asked.closes[j]):
                return True
    return asked.fixed[r] != FREE or asked.fixed[q] != FREE


@nb.njit(cache=True, nogil=True)
def nearest(arrays: Arrays, among: Ints, kinds: Ints, most: int) -> Ints:
    """By request the `most` nearest of `among`, itself first, -1 where there are no more; `kinds`: their skills."""
    place, count = arrays.asked.place, arrays.asked.place.shape[0]
    found = np.full((count, most), -1, np.int64)
    apart = np.empty(most + 1, np.int64)
    for r in range(count):
        have = 0
        for q in among:
            far = np.int64(0)
            if place[r] >= 0 and place[q] >= 0:
                far = np.int64(arrays.legs[0, place[r], place[q]])
            far += 0 if kinds[q] == kinds[r] else OTHER_SKILLS
            if q == r:
                far = np.int64(-1)
            if have == most and far >= apart[have - 1]:
                continue
            if q != r and not _common_time(arrays, r, q):
                far += OTHER_HOURS
                if have == most and far >= apart[have - 1]:
                    continue
            at = have if have < most else most - 1
            while at > 0 and apart[at - 1] > far:
                apart[at], found[r, at] = apart[at - 1], found[r, at - 1]
                at -= 1
            apart[at], found[r, at] = far, q
            have = min(have + 1, most)
    return found
