"""A problem as routing programs see it: each shift a vehicle with its own roads, each request for one person a job.

A vehicle's roads are its own because help by phone is done from its home, and people travel by their own means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from benchmarks.rivals.mend import Bench, mended, published
from matching.format import Plan, Problem

Whole = npt.NDArray[np.int64]


class Fleet:
    """`jobs[j]` and `shifts[i]` are numbers of `Prepared`; node 0 is a vehicle's depot, node j + 1 its jth job.

    A job's `value` is what it is worth with the person it suits best; with others it is worth `malus` less. Week
    limits are given by `most_visits`, all else that is allowed or not by `takers`.
    """

    def __init__(self, bench: Bench) -> None:
        self.prep = prep = bench.prep
        options = bench.moves.options.single
        self.jobs = [r for r in range(len(prep.requests)) if options[r]]
        used = sorted({s for r in self.jobs for s, _ in options[r]})
        self.shifts = used
        number = {s: i for i, s in enumerate(used)}
        self.takers = [[number[s] for s, _ in options[r]] for r in self.jobs]
        self.value = [max(0, *(worth for _, worth in options[r])) for r in self.jobs]
        self.malus = np.zeros((len(used), len(self.jobs)), dtype=np.int64)
        for j, r in enumerate(self.jobs):
            for s, worth in options[r]:
                self.malus[number[s], j] = self.value[j] - worth
        self._at = np.array([prep.place[r] for r in self.jobs], dtype=np.int64)
        self._end = np.array([prep.leave[r] for r in self.jobs], dtype=np.int64)
        self._tables = {mode: np.array(table, dtype=np.int64) for mode, table in prep.tables.items()}

    def minutes(self, i: int) -> Whole:
        """[from][to] between the nodes of vehicle i: from 0 it leaves its origin, to 0 it comes to its target."""
        prep, s = self.prep, self.shifts[i]
        table = self._tables[prep.volunteers[prep.owner[s]].mode]
        at = np.where(self._at < 0, prep.home[s], self._at)
        end = np.where(self._end < 0, at, self._end)
        roads = table[np.ix_([prep.origin[s], *end], [prep.target[s], *at])]
        np.fill_diagonal(roads, 0)
        return np.ascontiguousarray(roads)

    @cached_property
    def horizon(self) -> int:
        """An instant after every shift; instants of a problem may lie before 0, those of a fleet do not."""
        return max((self.prep.end[s] for s in self.shifts), default=0) - self.epoch

    @cached_property
    def epoch(self) -> int:
        return min((self.prep.start[s] for s in self.shifts), default=0)

    def hours(self, i: int) -> tuple[int, int]:
        """Of a vehicle, from the epoch."""
        s = self.shifts[i]
        return self.prep.start[s] - self.epoch, self.prep.end[s] - self.epoch

    def windows(self, j: int) -> list[tuple[int, int]]:
        """When a job may begin, from the epoch: windows in order, those that somebody could use."""
        prep, r = self.prep, self.jobs[j]
        hours = [self.hours(i) for i in self.takers[j]]
        found = []
        for opens, closes in prep.windows[r]:
            first, last = opens - self.epoch, closes - self.epoch - prep.duration[r]
            if any(max(first, start) <= min(last, end - prep.duration[r]) for start, end in hours):
                found.append((max(0, first), last))
        return found

    @cached_property
    def most_visits(self) -> list[int]:
        """By vehicle: its share of a week's limit, of which the longest shifts get the odd ones.

        No routing program plans well under a limit over several vehicles (tried with one that can express it), and
        giving each vehicle the whole week costs more, in visits that must be taken out again.
        """
        prep, weeks = self.prep, defaultdict[int, list[int]](list)
        for i, s in enumerate(self.shifts):
            weeks[prep.slot[s]].append(i)
        most = [0] * len(self.shifts)
        for slot, vehicles in weeks.items():
            share, odd = divmod(max(0, prep.limit[slot]), len(vehicles))
            longest = sorted(vehicles, key=lambda i: prep.start[self.shifts[i]] - prep.end[self.shifts[i]])
            for place, i in enumerate(longest):
                most[i] = min(share + (place < odd), len(self.jobs))
        return most

    def most_travel(self, i: int) -> int:
        return min(self.prep.most_travel[self.shifts[i]], self.horizon)

    def routes(self, by_vehicle: dict[int, list[int]]) -> dict[int, list[int]]:
        """Vehicle → nodes, as shift → requests."""
        return {self.shifts[i]: [self.jobs[node - 1] for node in nodes] for i, nodes in by_vehicle.items()}


def planned(problem: Problem, routed: Callable[[Fleet], tuple[dict[int, list[int]], float]]) -> Plan:
    """A routing solver's plan: `routed` answers its routes by vehicle and the CPU seconds of its search."""
    bench = Bench.of(problem)
    fleet = Fleet(bench)
    routes, seconds = routed(fleet) if fleet.jobs else ({}, 0.0)
    return published(bench, mended(bench, fleet.routes(routes)), seconds)
