"""A large plan is made better part by part: some volunteers near each other, and what they could do together.

All shifts of a person are in one part, with all that the plan lets them visit; the rest of the plan stands. So every
part is a small problem, and whatever is better there is better in the whole.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from matching.engine.moves import Moves
from matching.engine.state import ALONE, State
from matching.exact.arrays import Arrays
from matching.exact.columns import Blocks, Column, Pool
from matching.exact.generation import Generation
from matching.progress import PARTS
from matching.stop import Clocked, Either, Seconds

# A part has about so many visits, and at most so many requests that nobody visits yet.
VISITS, MOST_LEFT_OUT = 200, 100
# A part may take so long; what it has found by then counts.
SECONDS_EACH = 4.0
# A round that brings less than this share of the total is followed by thorough ones, as long as they bring anything.
WORTH_WHILE = 0.0005


@dataclass
class Regions:
    """`state` is the best plan known; `pool` collects the columns that the parts found good, and a part begins with
    those of `known` that it allows."""

    moves: Moves
    arrays: Arrays
    state: State
    stop: Clocked
    rng: random.Random
    pool: Pool = field(default_factory=Pool)
    left_out: int = MOST_LEFT_OUT
    known: Pool = field(default_factory=Pool)

    def __post_init__(self) -> None:
        self._by_shift: dict[int, list[Column]] = defaultdict(list)
        for column in self.known.columns:
            self._by_shift[column.seats[0]].append(column)

    def run(self) -> None:
        """Rounds over all people, until one brings nothing or `stop`. Parts are not brought to their end at first."""
        thorough = False
        self.stop.progress.begin(PARTS)
        while not self.stop.struck():
            before = self.state.total
            self._round(thorough)
            if thorough and self.state.total == before:
                return
            thorough = thorough or self.state.total - before <= WORTH_WHILE * abs(self.state.total)

    def _round(self, thorough: bool) -> None:
        waiting = list(range(len(self.moves.prep.volunteers)))
        self.rng.shuffle(waiting)
        seen: set[int] = set()
        for v in waiting:
            if v in seen or not self.moves.prep.shifts_of[v]:
                continue
            if self.stop.struck():
                return
            people = self._people_around(v)
            seen |= people
            self._improve(people, thorough)

    def _people_around(self, v: int) -> set[int]:
        """People near v, with those they go with, until their visits are enough for a part."""
        prep, state = self.moves.prep, self.state
        table = prep.tables[prep.volunteers[v].mode][prep.volunteers[v].home]
        near = sorted(range(len(prep.volunteers)), key=lambda w: (table[prep.volunteers[w].home], self.rng.random()))
        people: set[int] = set()
        visits = 0
        for w in near:
            for one in self._tied(w) - people:
                people.add(one)
                visits += sum(len(state.runs[s]) for s in prep.shifts_of[one])
            if visits >= VISITS:
                break
        return people

    def _tied(self, v: int) -> set[int]:
        """A person and all who share a visit with them, and with these."""
        prep, state = self.moves.prep, self.state
        found, new = {v}, [v]
        while new:
            for s in prep.shifts_of[new.pop()]:
                seats = {t for r in state.runs[s] for t in state.crew[r]} | {state.mate[s]}
                for one in {prep.owner[t] for t in seats if t != ALONE} - found:
                    found.add(one)
                    new.append(one)
        return found

    def _improve(self, people: set[int], thorough: bool) -> None:
        blocks = self._blocks(people)
        if not blocks.held:
            return
        rule = Either(self.stop.rule, Seconds(SECONDS_EACH)) if self.stop.left() is not None else self.stop.rule
        part = Generation(blocks, self.state, 2**62, Clocked(rule, self.stop.done), self._allowed(blocks))
        part.relax()
        part.dive()
        if thorough:
            part.close()
        self.stop.done = part.stop.done
        self.state = part.state
        self.stop.progress.told(self.state)
        for column in part.near():
            self.pool.add(column)

    def _allowed(self, blocks: Blocks) -> Pool:
        """The columns of `known` that hold nothing but what these blocks may."""
        requests, shifts, pool = set(blocks.requests or ()), blocks.shifts or frozenset(), Pool()
        for s in blocks.taking():
            for column in self._by_shift[s]:
                if shifts.issuperset(column.seats) and requests.issuperset(column.new):
                    pool.add(column)
        return pool

    def _blocks(self, people: set[int]) -> Blocks:
        base, mine, shifts = self._part(people)
        return Blocks(self.moves, base, self.arrays, mine, shifts)

    def _part(self, people: set[int]) -> tuple[State, list[int], frozenset[int]]:
        """(the plan without what these people do, what they could do, their shifts)."""
        prep, options = self.moves.prep, self.moves.options
        shifts = frozenset(s for v in people for s in prep.shifts_of[v])
        base = self.state.copy()
        for r in {r for s in shifts for r in base.runs[s]}:
            if base.new_seats(r):
                base.remove(r)
        mine = [r for r in range(len(prep.requests)) if not base.full(r) and options.wanted(r)]
        mine = [r for r in mine if any(s in shifts for s, _ in options.single[r]) or options.is_pair(r)]
        free = [r for r in mine if not self.state.full(r)]
        if len(free) > self.left_out:
            gone = set(self.rng.sample(free, len(free) - self.left_out))
            mine = [r for r in mine if r not in gone]
        return base, mine, shifts
