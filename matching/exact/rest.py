"""What may still come into a run at most: knapsacks over the candidates not yet decided."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from matching.exact.arrays import Ints
from matching.exact.local import Local, Task
from matching.exact.orders import LONGEST

# The knapsack counts time in at most so many steps.
GRAIN = 1024


@nb.njit(cache=True, nogil=True)
def _knapsack(net: Ints, size: Ints, room: int) -> Ints:
    """`best[i, c]`: the most that visits i, i + 1, … may be worth together in a time of c."""
    n = net.shape[0]
    best = np.zeros((n + 1, room + 1), np.int64)
    for i in range(n - 1, -1, -1):
        for c in range(room + 1):
            best[i, c] = best[i + 1, c]
            if net[i] > 0 and size[i] <= c:
                best[i, c] = max(best[i, c], net[i] + best[i + 1, c - size[i]])
    return best


@nb.njit(cache=True, nogil=True)
def _most_at_once(size: Ints, room: int) -> int:
    """How many visits fit beside each other at most."""
    count = 0
    for minutes in np.sort(size):
        room -= minutes
        if room < 0:
            break
        count += 1
    return count


class Bounds(NamedTuple):
    """`rest[j, time]` is what candidates j, j + 1, … may add at most by their least detours, `rest_in` by their least
    ways in; times in `unit`s, `size` and `size_in` alike. No run has more than `most` visits of candidates, and none of
    more than `depth` is looked at."""

    rest: Ints
    size: Ints
    rest_in: Ints
    size_in: Ints
    gain_in: Ints
    unit: int
    most: int
    depth: int


@nb.njit(cache=True, nogil=True)
def bounds_of(local: Local, task: Task) -> Bounds:
    """The bounds of one block."""
    unit = max(1, -(-local.room // GRAIN))
    size, room, n = local.size // unit, local.room // unit, task.cand.shape[0]
    size_in, gain_in = (local.minutes[:n] + local.into[:n]) // unit, local.gain - task.weight * local.into[:n]
    most = min(n, task.most_visits, _most_at_once(size, room), _most_at_once(size_in, room))
    rest, rest_in = _knapsack(local.net, size, room), _knapsack(gain_in, size_in, room)
    return Bounds(rest, size, rest_in, size_in, gain_in, unit, most, min(most, LONGEST - task.promised.shape[0]))
