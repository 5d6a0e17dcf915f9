"""What it would take to serve a request that is left out: the people nearest to be able, and what each of them lacks.

Other visits are looked at only where nothing else stands in the way. The work for one request is bounded: the few
people who live nearest of those the reason is about, and of those who would have to learn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from heapq import nsmallest

from matching.engine.giving_way import People, at_a_loss, in_the_way, pair_in_the_way
from matching.engine.lacks import hardness, lacks, slots_of, slots_with
from matching.engine.moves import Moves
from matching.engine.state import State
from matching.format import Unserved
from matching.format.plan import Nearest, Why

# Of those the reason is about, of other skilled people, of those who would have to learn, of those who could go along.
ASKED, SKILLED, LEARNERS, MATES = 6, 4, 4, 6
SHOWN = 3

_Found = tuple[People, list[Why]]


def with_nearest(moves: Moves, state: State, base: State, left: Iterable[Unserved]) -> tuple[Unserved, ...]:
    """The same entries, each with the people nearest to be able and what it would take, the easiest first."""
    number = {request.id: r for r, request in enumerate(moves.prep.requests)}
    seeker = _Seeker(moves, state, base)
    return tuple(replace(entry, nearest=seeker.nearest(number[entry.request], entry)) for entry in left)


class _Seeker:
    def __init__(self, moves: Moves, state: State, base: State) -> None:
        self.moves, self.prep, self.state, self.base = moves, moves.prep, state, base
        self.number = {volunteer.id: v for v, volunteer in enumerate(self.prep.volunteers)}

    def nearest(self, r: int, entry: Unserved) -> tuple[Nearest, ...]:
        if any(s in self.prep.conflicts for s in self.prep.promised[r]):
            return ()
        # Two people may be found from either of them.
        found = {frozenset(one[0]): one for one in sorted(self._found(r, entry), key=_order, reverse=True) if one[1]}
        best = nsmallest(SHOWN, found.values(), key=_order)
        names = self.prep.volunteers
        return tuple(Nearest(tuple(names[v].id for v in people), tuple(takes)) for people, takes in best)

    def _found(self, r: int, entry: Unserved) -> Iterable[_Found]:
        if entry.reason == "not_worth":
            return at_a_loss(self.moves, self.state, r)
        pair = self.moves.options.is_pair(r)
        if pair and entry.reason == "taken_by_others":
            return pair_in_the_way(self.moves, self.state, r)
        return [self._with_mate(r, v) if pair else self._alone(r, v) for v in self._people(r, entry)]

    def _people(self, r: int, entry: Unserved) -> list[int]:
        """The nearest of those the reason is about, of other skilled people, and of those who would have to learn."""
        prep = self.prep
        there = {prep.owner[s] for s in prep.promised[r]}
        people = self._closest(r, (self.number[name] for name in entry.people), ASKED)
        if entry.reason == "taken_by_others":
            return people
        everybody = frozenset(range(len(prep.volunteers))) - there
        asked = prep.skilled[r] - there if self._needs_skills(r) else everybody
        people += self._closest(r, asked - set(people), SKILLED)
        if people and self.moves.options.is_pair(r):
            return people
        learners = (prep.able[r] & everybody - asked) or everybody - asked
        return [*people, *self._closest(r, learners, LEARNERS)]

    def _needs_skills(self, r: int) -> bool:
        """Whether nobody who has promised holds them."""
        prep = self.prep
        return not any(prep.owner[s] in prep.skilled[r] for s in prep.promised[r])

    def _alone(self, r: int, v: int) -> _Found:
        takes = lacks(self.prep, self.base, r, v, slots_of(self.prep, r), self._needs_skills(r))
        return (v,), takes or in_the_way(self.moves, self.state, r, v)

    def _with_mate(self, r: int, v: int) -> _Found:
        """A skilled person, and whoever could most easily go along at a time of theirs."""
        prep = self.prep
        own = lacks(prep, self.base, r, v, slots_of(prep, r))
        when = slots_with(prep, r, v, own)
        mates = self._closest(r, prep.able[r] - {v}, MATES)
        found = [((v, w), [*own, *lacks(prep, self.base, r, w, when, needs_skills=False)]) for w in mates]
        alone: _Found = (v,), [*own, {"code": "second_person"}]
        return min(found, key=_order, default=alone)

    def _closest(self, r: int, people: Iterable[int], most: int) -> list[int]:
        return nsmallest(most, people, key=lambda v: (self.prep.way_from_home(r, v), v))


def _order(found: _Found) -> tuple[float, int, People]:
    people, takes = found
    return hardness(takes), sum(int(step.get("points", 0)) for step in takes), people
