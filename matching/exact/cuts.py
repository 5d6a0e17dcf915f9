"""Cuts that no plan breaks and a mixture of plans may: they bring the linear bound nearer to the best plan.

Triple: of any three rows that allow one run each (requests or shifts) a plan has at most one run with two of them.
Half: of a person's week, half of the visits of each run, rounded down, are at most half of the visits of the week;
`free` of these, an odd number, are counted as there, those beyond as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from matching.exact.columns import Column

MOST_TRIPLES = 60
VIOLATED = 0.02
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Triple:
    """Rows: a request's number, or the number of requests + a shift's."""

    rows: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Half:
    week: int
    free: int


Cut = Triple | Half


class Cuts:
    """All cuts of a master problem by number, and what each column has in them."""

    def __init__(self, week_of: list[int], requests: int) -> None:
        self.week_of, self.requests = week_of, requests
        self.all: list[Cut] = []
        self.known: set[Cut] = set()
        self.triples_of: dict[int, list[int]] = defaultdict(list)
        # By (person, week): the cuts, with the visits that are free in each.
        self.halves_of: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def add(self, cuts: list[Cut]) -> None:
        for cut in cuts:
            k = len(self.all)
            self.all.append(cut)
            self.known.add(cut)
            if isinstance(cut, Half):
                self.halves_of[cut.week].append((k, cut.free))
            else:
                for row in cut.rows:
                    self.triples_of[row].append(k)

    def rows_of(self, column: Column) -> tuple[int, ...]:
        return (*column.new, *(self.requests + s for s in column.seats))

    def entries(self, column: Column) -> Iterator[tuple[int, int]]:
        """(cut, entry) where the entry is not 0."""
        counts: dict[int, int] = defaultdict(int)
        for row in self.rows_of(column):
            for k in self.triples_of.get(row, ()):
                counts[k] += 1
        yield from ((k, 1) for k, count in sorted(counts.items()) if count >= 2)
        # Both of a pair count what they go to together; a seat filled on the way is left out, which is allowed.
        half = column.together // 2
        if half:
            for s in column.seats:
                yield from ((k, half) for k, _ in self.halves_of.get(self.week_of[s], ()))

    def triples(self, columns: list[Column], values: Floats) -> list[Triple]:
        """Triples that the fractional solution breaks, the most broken first."""
        weight: dict[tuple[int, int], float] = defaultdict(float)
        whole: dict[tuple[int, ...], float] = defaultdict(float)
        near: dict[int, set[int]] = defaultdict(set)
        for i in np.flatnonzero((values > 1e-6) & (values < 1 - 1e-6)):
            rows, value = self.rows_of(columns[i]), float(values[i])
            for a, b in combinations(rows, 2):
                weight[a, b] += value
                near[a].add(b)
                near[b].add(a)
            for three in combinations(rows, 3):
                whole[three] += value
        found: dict[Triple, float] = {}
        for a, b in weight:
            for c in (near[a] | near[b]) - {a, b}:
                first, second, third = sorted((a, b, c))
                cut = Triple((first, second, third))
                if cut in found or cut in self.known:
                    continue
                pairs = sum(weight.get(pair, 0.0) for pair in combinations(cut.rows, 2))
                held = pairs - 2 * whole.get(cut.rows, 0.0)
                if held > 1 + VIOLATED:
                    found[cut] = held
        return sorted(found, key=lambda cut: (-found[cut], cut.rows))[:MOST_TRIPLES]

    def halves(self, columns: list[Column], values: Floats, nth: dict[int, list[float]]) -> list[Half]:
        """Half cuts that the fractional solution breaks; `nth[week]` is what it takes of each visit of a week."""
        held: dict[int, float] = defaultdict(float)
        for i in np.flatnonzero(values > 1e-6):
            for s in columns[i].seats:
                held[self.week_of[s]] += float(values[i]) * (columns[i].together // 2)
        found = []
        for week, amount in sorted(held.items()):
            for free in range(1, len(nth[week]) + 1, 2):
                cut = Half(week, free)
                if cut not in self.known and amount > free // 2 + sum(nth[week][free:]) + VIOLATED:
                    found.append(cut)
        return found
