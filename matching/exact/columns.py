"""Columns: a shift's whole run, or the common run of a pair's two shifts, and what it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from matching.engine.moves import Moves
from matching.engine.prepare import ENDLESS
from matching.engine.runs import Run, legs
from matching.engine.state import ALONE, State
from matching.exact.arrays import Arrays, Ints
from matching.exact.quick import detours

Seats = tuple[int, ...]


@dataclass(slots=True)
class Column:
    """`run` in order of visits, promised ones included; `new` those that get somebody here, sorted; `counts` of these
    by seat; `profit` against the base plan, fairness aside."""

    seats: Seats
    run: Run
    new: tuple[int, ...]
    counts: tuple[int, ...]
    profit: int

    @property
    def together(self) -> int:
        """New visits that every seat of the column goes to."""
        return len(self.new) if len(self.seats) == 1 else sum(self.counts) - len(self.new)


@dataclass(slots=True)
class Block:
    """One shift, or a pair's two, and what may come into its run: `worth[i]` points for `cand[i]`.

    `detour[i]` is by how much it makes the way longer at least, that of all members together, and `helps[i]` is 1
    where it may even make somebody earlier elsewhere, or leave them way enough for another visit. A pair goes
    together, so an open seat of what one of them has promised is filled by the other: `fills` holds (request, shift).
    """

    seats: Seats
    promised: Run
    cand: Ints
    worth: Ints
    detour: Ints
    helps: Ints
    most: int
    base_way: int
    fills: tuple[tuple[int, int], ...]


@dataclass
class Blocks:
    """Blocks of a problem: `single` shifts and `pairs` of them, made when they are first asked for.

    `base` is what stands beside them. All open requests and all shifts, or those of `requests` and `shifts`: these
    shifts hold nothing in the base but promises. `held[seats]` are the requests that may come into their run,
    `value[request, seats]` the points for it.
    """

    moves: Moves
    base: State
    arrays: Arrays
    requests: list[int] | None = None
    shifts: frozenset[int] | None = None
    single: list[Seats] = field(init=False)
    pairs: list[Seats] = field(init=False)

    def __post_init__(self) -> None:
        self.value: dict[tuple[int, Seats], int] = {}
        self.held: dict[Seats, list[int]] = defaultdict(list)
        self.single = self._all_single()
        self.pairs = self._all_pairs()
        self._made: dict[Seats, Block] = {}

    def block(self, seats: Seats) -> Block:
        if seats not in self._made:
            self._made[seats] = self._block(seats, self.held[seats])
        return self._made[seats]

    def room(self, s: int) -> int:
        prep = self.moves.prep
        return prep.limit[prep.slot[s]] - self.base.visits[prep.slot[s]]

    def _all_single(self) -> list[Seats]:
        for r in self._open():
            for s, value in self.moves.options.single[r]:
                if self._open_to(s):
                    self.held[(s,)].append(r)
                    self.value[r, (s,)] = value
        return sorted(self.held)

    def _all_pairs(self) -> list[Seats]:
        prep, options = self.moves.prep, self.moves.options
        allowed: dict[Seats, bool] = {}
        for r in self._open():
            if not options.is_pair(r):
                continue
            members = [s for s in options.members(r) if self._open_to(s) and self._only_common(s)]
            for a, b in options.pairs(r, members):
                seats = (min(a, b), max(a, b))
                if seats not in allowed:
                    allowed[seats] = self._go_together(*seats)
                if allowed[seats] and (r, seats) not in self.value:
                    self.held[seats].append(r)
                    self.value[r, seats] = prep.worth(r, seats)
        return sorted(seats for seats in self.held if len(seats) == 2)

    def asked(self) -> list[int]:
        """The requests that some column may serve, in order."""
        found = {r for held in self.held.values() for r in held}
        return sorted(found.union(q for seats in self.pairs for q, _ in self.fills(seats)))

    def _open(self) -> Iterable[int]:
        return range(len(self.moves.prep.requests)) if self.requests is None else self.requests

    def _open_to(self, s: int) -> bool:
        return (self.shifts is None or s in self.shifts) and self.room(s) > 0

    def _only_common(self, s: int) -> bool:
        return all(self.moves.prep.team[q] == 2 for q in self.base.runs[s])

    def _go_together(self, s: int, t: int) -> bool:
        """Whether all that the two have promised is done by both, or may be."""
        for q in {*self.base.runs[s], *self.base.runs[t]}:
            crew = set(self.base.crew[q])
            if not crew <= {s, t} or any(not self._may_fill(q, m) for m in {s, t} - crew):
                return False
        fills = self.fills((s, t))
        return all(self.room(m) > sum(seat == m for _, seat in fills) for m in (s, t))

    def _may_fill(self, q: int, s: int) -> bool:
        return q in self.held.get((s,), ())

    def taking(self) -> list[int]:
        """The shifts that some run takes."""
        return sorted({s for seats in self.held for s in seats})

    def fills(self, seats: Seats) -> tuple[tuple[int, int], ...]:
        """Open seats of what these two have promised: (request, shift that fills it)."""
        base = self.base
        return tuple((q, m) for q in self._promised(seats) for m in seats if m not in base.crew[q])

    def _promised(self, seats: Seats) -> Run:
        """What the people of these shifts have promised, by start."""
        fixed = self.moves.prep.fixed
        once = dict.fromkeys(q for s in seats for q in self.base.runs[s])
        return tuple(sorted(once, key=lambda q: fixed[q] or 0))

    def _block(self, seats: Seats, cand: list[int]) -> Block:
        promised = self._promised(seats)
        fills = self.fills(seats)
        numbers = np.array(cand, dtype=np.int64)
        worth = np.array([self.value[r, seats] for r in cand], dtype=np.int64)
        detour, helps = np.zeros(len(cand), dtype=np.int64), np.zeros(len(cand), dtype=np.int64)
        for s in seats:
            longer = self._detours(s, cand, promised)
            detour += longer
            helps |= self._helps(s, cand, longer)
        most = min(self.room(s) - sum(seat == s for _, seat in fills) for s in seats)
        way = sum(self.base.way[s] for s in seats)
        return Block(seats, promised, numbers, worth, detour, helps, most, way, fills)

    def _helps(self, s: int, cand: list[int], longer: Ints) -> Ints:
        """1 where a visit may help another into the shift: it makes somebody earlier, or shortens a limited way.

        The second although it is worth nothing itself; `matching.exact.together` says the same of two people.
        """
        limited = self.moves.prep.most_travel[s] < ENDLESS
        return (longer < (0 if limited else -self.arrays.asked.duration[cand])).astype(np.int64)

    def _detours(self, s: int, cand: list[int], promised: Run) -> Ints:
        prep, arrays = self.moves.prep, self.arrays
        visits = [*cand, *promised]
        enter = [prep.place[r] if prep.place[r] >= 0 else prep.home[s] for r in visits]
        leave = [prep.leave[r] if prep.leave[r] >= 0 else at for r, at in zip(visits, enter, strict=True)]
        both = (np.array(enter, dtype=np.int64), np.array(leave, dtype=np.int64))
        return detours(arrays.legs[arrays.hours.mode[s]], *both, len(cand), prep.origin[s], prep.target[s])

    def column(self, seats: Seats, run: Run) -> Column:
        """The column of a run of these seats, in this order."""
        prep, base = self.moves.prep, self.base
        crew, filled = base.crew, dict(self.fills(seats)) if len(seats) == 2 else {}
        new = tuple(sorted(r for r in run if any(s not in crew[r] for s in seats)))
        way = sum(sum(legs(prep, s, run)) for s in seats)
        points = sum(self.value[r, (filled[r],) if r in filled else seats] for r in new)
        counts = tuple(sum(s not in crew[r] for r in new) for s in seats)
        return Column(seats, run, new, counts, points - prep.weights.travel * (way - sum(base.way[s] for s in seats)))

    def columns_of(self, state: State) -> list[Column]:
        """A state as columns: one for each shift, or pair of shifts, that holds something new."""
        found = []
        for s, run in enumerate(state.runs):
            if self.shifts is not None and s not in self.shifts:
                continue
            if any(state.is_new(r, s) for r in run) and (state.mate[s] == ALONE or s < state.mate[s]):
                seats = (s,) if state.mate[s] == ALONE else (s, state.mate[s])
                found.append(self.column(seats, run))
        return found


class Pool:
    """Columns found so far, one for each set of visits of a block, in the best order known."""

    def __init__(self) -> None:
        self.columns: list[Column] = []
        self._index: dict[tuple[Seats, tuple[int, ...]], int] = {}

    def add(self, column: Column) -> int | None:
        """The number of a new column, or of one that became better; None where nothing changed."""
        key = column.seats, column.new
        known = self._index.get(key)
        if known is None:
            self._index[key] = len(self.columns)
            self.columns.append(column)
            return len(self.columns) - 1
        if column.profit <= self.columns[known].profit:
            return None
        self.columns[known] = column
        return known


def state_of(blocks: Blocks, chosen: list[Column]) -> State:
    """The state that holds these columns beside the promises."""
    state = blocks.base.copy()
    prep = state.prep
    for column in chosen:
        for r in column.new:
            state.total -= prep.worth(r, state.crew[r])
            state.crew[r] = (*state.crew[r], *(s for s in column.seats if s not in state.crew[r]))
            state.total += prep.worth(r, state.crew[r])
        for s, count in zip(column.seats, column.counts, strict=True):
            state.drive(s, column.run)
            for _ in range(count):
                state.total += state.count(s)
        if len(column.seats) == 2:
            s, t = column.seats
            state.mate[s], state.mate[t] = t, s
    return state
