"""What concerns one shift, or a pair's two: its own small tables of ways, and its candidates in a useful order."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from matching.exact.arrays import Arrays, Ints

ENDLESS = 2**60
# Added to the rate of those that may help others in: they come before all others.
FOREMOST = 1e30


class Task(NamedTuple):
    """What is asked of a kernel: all runs of `members` with the promised visits and up to `most_visits` of `cand`,
    worth more than `threshold`.

    A run is worth the sum of `gain` less `weight` for each unit of travel, less `even_price` for each second visit
    of `cand`, and less `cut_price[k]` where it comes to two of cut k: it begins with `cut_begun[k]`, and candidate i
    is in `cut_of[cut_first[i]:cut_first[i + 1]]`. `detour` and `helps` are as in a Block.
    With `most_found` > 0 only so many of the highest are kept, with -n all of them, up to n.
    """

    members: Ints
    promised: Ints
    cand: Ints
    gain: Ints
    detour: Ints
    helps: Ints
    cut_first: Ints
    cut_of: Ints
    cut_price: Ints
    cut_begun: Ints
    weight: int
    threshold: int
    most_visits: int
    most_found: int
    most_steps: int
    even_price: int


class Local(NamedTuple):
    """Candidates 0 … n - 1 in order, the promised visits after them; row `origin` of the ways is the start.

    `net` is a candidate's gain less its least detour, `size` its time with that detour, for all members together.
    `into` is the least way to each visit from any other or from the start, and `least_back` the least way back: no way
    is shorter than the sum of these, however much an escort's detour saves. `room` is the time that all members
    together have beside the promised visits. The first `helping` candidates may help another in, and `shorter` is the
    last that may make another's way shorter, or -1.
    For a single shift everything of t is 0 or endless.
    """

    asked: Ints
    order: Ints
    gain: Ints
    net: Ints
    size: Ints
    minutes: Ints
    detour: Ints
    into: Ints
    least_back: int
    leg_s: Ints
    leg_t: Ints
    back_s: Ints
    back_t: Ints
    origin: int
    start_s: int
    start_t: int
    end_s: int
    end_t: int
    end: int
    most_s: int
    most_t: int
    helping: int
    shorter: int
    room: int


@nb.njit(cache=True, nogil=True)
def _ways(arrays: Arrays, s: int, visits: Ints) -> tuple[Ints, Ints]:
    """(ways from each visit, and last from the origin, to each visit; ways back)."""
    asked, hours = arrays.asked, arrays.hours
    legs, n = arrays.legs[hours.mode[s]], visits.shape[0]
    way, back = np.zeros((n + 1, n), np.int64), np.zeros(n, np.int64)
    for i in range(n + 1):
        out = hours.origin[s]
        if i < n:
            r = visits[i]
            out = asked.leave[r] if asked.leave[r] >= 0 else asked.place[r]
            out = out if out >= 0 else hours.home[s]
            back[i] = legs[out, hours.target[s]]
        for j in range(n):
            at = asked.place[visits[j]]
            way[i, j] = legs[out, at if at >= 0 else hours.home[s]]
    return way, back


@nb.njit(cache=True, nogil=True)
def _order(net: Ints, size: Ints, helps: Ints) -> Ints:
    """Those that may help others in first, then by worth for each minute."""
    n = net.shape[0]
    order, rate = np.arange(n), np.empty(n)
    for i in range(n):
        rate[i] = FOREMOST if helps[i] else net[i] / max(1, size[i])
    for i in range(1, n):
        j, one = i, order[i]
        while j > 0 and rate[order[j - 1]] < rate[one]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = one
    return order


@nb.njit(cache=True, nogil=True)
def _into(leg_s: Ints, leg_t: Ints) -> Ints:
    """By visit: the least way of all members together from one place to it."""
    n = leg_s.shape[1]
    least = np.full(n, np.int64(ENDLESS))
    for a in range(n + 1):
        for i in range(n):
            if a != i:
                least[i] = min(least[i], leg_s[a, i] + leg_t[a, i])
    return least


@nb.njit(cache=True, nogil=True)
def localize(arrays: Arrays, task: Task) -> Local:
    """The tables of one block."""
    members, promised, cand, gain, detour, helps, weight = (
        task.members, task.promised, task.cand, task.gain, task.detour, task.helps, task.weight,
    )  # fmt: skip
    hours, n, fixed, people = arrays.hours, cand.shape[0], promised.shape[0], members.shape[0]
    s, t = members[0], members[people - 1]
    net = gain - weight * detour
    size = detour.copy()
    for i in range(n):
        size[i] = max(0, size[i] + people * arrays.asked.duration[cand[i]])
    order = _order(net, size, helps)
    visits = np.empty(n + fixed, np.int64)
    room, shorter = np.int64(0), -1
    for i in range(n):
        visits[i] = cand[order[i]]
        shorter = i if detour[order[i]] < 0 else shorter
    for i in range(fixed):
        visits[n + i] = promised[i]
        room -= people * arrays.asked.duration[promised[i]]
    for m in members:
        room += hours.end[m] - hours.start[m]
    leg_s, back_s = _ways(arrays, s, visits)
    leg_t, back_t = np.zeros_like(leg_s), np.zeros_like(back_s)
    if people == 2:
        leg_t, back_t = _ways(arrays, t, visits)
    return Local(
        visits, order, gain[order], net[order], size[order], arrays.asked.duration[visits] * people, detour[order],
        _into(leg_s, leg_t), (back_s + back_t).min() if n + fixed else 0,
        leg_s, leg_t, back_s, back_t, n + fixed, hours.start[s], hours.start[t], hours.end[s], hours.end[t],
        min(hours.end[s], hours.end[t]), hours.most[s], hours.most[t] if people == 2 else ENDLESS,
        int(helps.sum()), shorter, max(0, room),
    )  # fmt: skip
