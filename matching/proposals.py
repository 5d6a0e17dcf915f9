"""What might help, guessed from prices: a volunteer more, a skill more, a half-day more. Re-solving decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from matching.format import Problem, Request, Shift, Volunteer
from matching.halfdays import half_days
from matching.prices import Prices
from matching.travel import Table, tables
from matching.wider import MORE_HOURS, NEW_VOLUNTEER, TRAINING, More, fresh

__all__ = ["Proposal", "proposals"]

T = TypeVar("T")
# Places and skills of a newcomer come from so many unserved requests; trainings and hours are looked at closely for so
# many; each is guessed from so many requests at the most.
MOST_SEEDS, MOST_LOOKED_AT, MOST_ASKED = 40, 60, 60
# Of proposals about nearly the same requests, so many are tried.
MOST_ALIKE = 2
# What a newcomer takes on in a week where nobody shows what is usual.
USUAL_VISITS = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """`guess` in points; `requests` are the ids that made it."""

    more: More
    guess: int
    requests: frozenset[str]


def proposals(problem: Problem, unserved: Iterable[str], prices: Prices, most: int) -> list[Proposal]:
    """At most `most` of each kind, the kinds in turn, the most promising first."""
    maker = _Maker(problem, frozenset(unserved), prices)
    if not maker.seeds:
        return []
    kinds = [_different(found, most) for found in (maker.newcomers(), maker.trainings(), maker.hours())]
    return [each[i] for i in range(most) for each in kinds if i < len(each)]


def _different(found: Iterable[Proposal], most: int) -> list[Proposal]:
    """The best guesses, of nearly equal ones only a few."""
    chosen: list[Proposal] = []
    for proposal in sorted(found, key=lambda p: (-p.guess, _name(p.more))):
        alike = sum(2 * len(p.requests & proposal.requests) > len(p.requests | proposal.requests) for p in chosen)
        if alike < MOST_ALIKE and len(chosen) < most:
            chosen.append(proposal)
    return chosen


def _name(more: More) -> tuple[str, ...]:
    hours = "" if more.shift is None else f"{more.shift.start:+020d}"
    return (more.kind, more.volunteer.id, more.near or "", hours, *sorted(more.skills))


class _Maker:
    """Proposals for one problem. `seeds` are requests that nobody serves, the dearest first."""

    def __init__(self, problem: Problem, unserved: frozenset[str], prices: Prices) -> None:
        self.problem, self.prices = problem, prices
        self.name = fresh(problem)
        self.usual = _usual(problem, self.name)
        # The newcomer's way of travelling must have a table, even if nobody else uses it.
        self.tables: dict[str, Table] = tables(replace(problem, volunteers=(*problem.volunteers, self.usual)))
        promised = {promise.request for promise in problem.promises}
        wanted = [r for r in problem.requests if self._worth(r) > 0 and r.id not in promised]
        self.wanted = sorted(wanted, key=lambda r: (-self._worth(r), r.id))
        self.seeds = [r for r in self.wanted if r.id in unserved][:MOST_SEEDS]
        self.half_days = half_days(problem, self.name)
        self.promised = Counter(volunteer for promise in problem.promises for volunteer in promise.volunteers)

    def newcomers(self) -> Iterator[Proposal]:
        """Certified for what a seed needs, living where it is, on each half-day that suits it."""
        done: set[Hashable] = set()
        for seed in self.seeds:
            languages = self.usual.languages | {seed.language}
            key = seed.skills, languages, seed.place
            if key in done:
                continue
            done.add(key)
            person = replace(self.usual, skills=seed.skills, languages=languages, home=seed.place or 0)
            asked = self._asked(person, seed.skills)
            near = None if seed.place is None else seed.id
            for shift in self.half_days:
                if _meets(seed, shift):
                    person = replace(person, shifts=(shift,))
                    guess, ids = self._harvest(person, shift, asked, person.max_visits_per_week)
                    yield Proposal(More(NEW_VOLUNTEER, person, seed.skills, shift, near), guess, ids)

    def trainings(self) -> Iterator[Proposal]:
        """One skill more for somebody, where that alone is missing for some seed."""
        found = []
        for person in self.problem.volunteers:
            for skill in sorted({s for seed in self.seeds for s in seed.skills} - person.skills):
                asked = [r for r in self._asked(person, person.skills | {skill}) if skill in r.skills]
                rough = sum(self._worth(r) for r in asked if any(_meets(r, s) for s in _open(person)))
                if rough:
                    found.append((-rough, person.id, skill, person, asked))
        for _, _, skill, person, asked in sorted(found, key=lambda each: each[:3])[:MOST_LOOKED_AT]:
            guess, ids = self._over_shifts(person, asked)
            yield Proposal(More(TRAINING, person, frozenset({skill})), guess, ids)

    def hours(self) -> Iterator[Proposal]:
        """One half-day more for somebody who has the skills."""
        found = []
        for person in self.problem.volunteers:
            asked = self._asked(person, person.skills)
            for shift in self.half_days:
                rough = sum(self._worth(r) for r in asked if _meets(r, shift))
                room = self._room(person, shift.week)
                if rough and room > 0 and all(s.end <= shift.start or shift.end <= s.start for s in person.shifts):
                    found.append((-rough, person.id, shift.start, shift, person, asked, room))
        for _, _, _, shift, person, asked, room in sorted(found, key=lambda each: each[:3])[:MOST_LOOKED_AT]:
            guess, ids = self._harvest(person, shift, asked, room)
            yield Proposal(More(MORE_HOURS, person, shift=shift), guess, ids)

    def _over_shifts(self, person: Volunteer, asked: list[Request]) -> tuple[int, frozenset[str]]:
        """Run by run, less what the shift is worth as things are, for the part of it that is taken."""
        total, all_ids = 0, frozenset[str]()
        rooms = {shift.week: self._room(person, shift.week) for shift in person.shifts}
        for shift in _open(person):
            rest = [r for r in asked if r.id not in all_ids]
            guess, ids = self._harvest(person, shift, rest, rooms[shift.week])
            minutes = sum(r.duration for r in rest if r.id in ids)
            price = self.prices.shift.get(shift.id, 0) * minutes // max(1, shift.end - shift.start)
            if guess > price:
                total, all_ids = total + guess - price, all_ids | ids
                rooms[shift.week] -= len(ids)
        return total, all_ids

    def _harvest(
        self, person: Volunteer, shift: Shift, asked: list[Request], room: int
    ) -> tuple[int, frozenset[str]]:  # fmt: skip
        """Points of a run through what is asked, roughly: the next is what is worth most a minute, from wherever it
        is nearest."""
        table, weight = self.tables[person.mode], self.problem.weights.travel
        left = {r.id: (r, self._way(table, person.home, r)) for r in asked if _meets(r, shift)}
        points, minutes, taken = 0, shift.end - shift.start, set[str]()
        while left and len(taken) < room:
            worth = {key: self._worth(r) - 2 * weight * way for key, (r, way) in left.items()}
            best = max(left, key=lambda key: (worth[key] / (left[key][0].duration + 2 * left[key][1]), key))
            chosen, way = left.pop(best)
            if worth[best] <= 0 or chosen.duration + 2 * way > minutes:
                continue
            points, minutes = points + worth[best], minutes - chosen.duration - 2 * way
            taken.add(best)
            if chosen.place is not None:
                left = {k: (r, min(w, self._way(table, chosen.place, r))) for k, (r, w) in left.items()}
        return points, frozenset(taken)

    def _asked(self, person: Volunteer, skills: frozenset[str]) -> list[Request]:
        """What this person could be asked for with these skills, the dearest first."""
        found = [r for r in self.wanted if r.skills <= skills and self._may(person, r)]
        return found[:MOST_ASKED]

    def _may(self, person: Volunteer, request: Request) -> bool:
        if request.language not in person.languages or person.id in request.blocked:
            return False
        way = self._way(self.tables[person.mode], person.home, request)
        return person.max_leg is None or way <= person.max_leg

    def _way(self, table: Table, here: int, request: Request) -> int:
        return 0 if request.place is None else table[here][request.place]

    def _worth(self, request: Request) -> int:
        return self.prices.request.get(request.id, 0)

    def _room(self, person: Volunteer, week: int) -> int:
        """Visits of a week that are neither done nor promised (those of other weeks count too: it is a guess)."""
        return person.max_visits_per_week - person.done.get(week, 0) - self.promised[person.id]


def _open(person: Volunteer) -> Iterator[Shift]:
    return (shift for shift in person.shifts if not shift.closed)


def _meets(request: Request, shift: Shift) -> bool:
    if shift.day < request.released_day:
        return False
    return any(max(shift.start, a) + request.duration <= min(shift.end, b) for a, b in request.windows)


def _usual(problem: Problem, name: str) -> Volunteer:
    """A newcomer like the others: their commonest way of travelling, language, limits; no skill and no hours."""
    people = problem.volunteers
    modes = sorted(problem.travel.matrix or (problem.travel.rule.modes if problem.travel.rule else ()))
    spoken = Counter(language for person in people for language in person.languages)
    spoken = spoken or Counter(request.language for request in problem.requests)
    most = max(spoken.values(), default=0)
    return Volunteer(
        id=name,
        home=0,
        mode=_commonest([person.mode for person in people], modes[0]),
        skills=frozenset(),
        languages=frozenset(sorted(each for each, count in spoken.items() if count == most)[:1]),
        max_visits_per_week=_commonest([person.max_visits_per_week for person in people], USUAL_VISITS),
        shifts=(),
        max_leg=_commonest([person.max_leg for person in people], None),
        max_travel_per_shift=_commonest([person.max_travel_per_shift for person in people], None),
    )


def _commonest(values: list[T], default: T) -> T:
    """The value seen most, of equals the first seen."""
    return Counter(values).most_common(1)[0][0] if values else default
