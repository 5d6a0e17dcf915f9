"""The problem as integers: shifts, requests and volunteers by index, everything looked up once."""

from __future__ import annotations

from collections import defaultdict

from matching.engine.conflicts import find_conflicts
from matching.format import Problem
from matching.travel import tables

ENDLESS = 2**62


class Prepared:
    """Index tables of a problem. Shifts are numbered over all volunteers in the order of the file.

    `slot[s]` numbers the pair (volunteer, week) of a shift; `place[r]` is -1 for help by phone, `leave[r]` is
    -1 unless an escort ends elsewhere; `fixed[r]` is a promise's start or None, `promised[r]` its shifts.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.weights = problem.weights
        self.step = problem.start_step
        self.volunteers = problem.volunteers
        self.requests = problem.requests
        self.tables = tables(problem)
        self._spending: dict[tuple[int, frozenset[str]], int] = {}
        self._ways: dict[tuple[int, bool], list[int]] = {}
        self._index_shifts()
        self._index_requests()
        self.conflicts, barred = find_conflicts(self)
        self.usable = [not shift.closed and s not in barred for s, shift in enumerate(self.shifts)]
        self.skilled = [self._holders(r) for r in range(len(self.requests))]
        self.able = [self._able(r) for r in range(len(self.requests))]

    def _index_shifts(self) -> None:
        pairs = [(v, shift) for v, volunteer in enumerate(self.volunteers) for shift in volunteer.shifts]
        self.owner = [v for v, _ in pairs]
        self.shifts = [shift for _, shift in pairs]
        people = [self.volunteers[v] for v in self.owner]
        self.start = [shift.start for shift in self.shifts]
        self.end = [shift.end for shift in self.shifts]
        self.day = [shift.day for shift in self.shifts]
        self.home = [person.home for person in people]
        self.origin = [
            p.home if s.from_place is None else s.from_place for p, s in zip(people, self.shifts, strict=True)
        ]
        self.target = [p.home if s.to_place is None else s.to_place for p, s in zip(people, self.shifts, strict=True)]
        self.rows = [self.tables[person.mode] for person in people]
        self.most_travel = [ENDLESS if p.max_travel_per_shift is None else p.max_travel_per_shift for p in people]
        weeks: dict[tuple[int, int], int] = {}
        self.slot = [weeks.setdefault((v, shift.week), len(weeks)) for v, shift in pairs]
        self.done = [self.volunteers[v].done.get(week, 0) for v, week in weeks]
        self.wish = [self.volunteers[v].wish_per_week for v, _ in weeks]
        self.limit = [self.volunteers[v].max_visits_per_week - d for (v, _), d in zip(weeks, self.done, strict=True)]
        self.shifts_of: dict[int, list[int]] = defaultdict(list)
        for s, v in enumerate(self.owner):
            self.shifts_of[v].append(s)

    def _index_requests(self) -> None:
        self.place = [-1 if r.place is None else r.place for r in self.requests]
        self.leave = [-1 if r.end_place is None else r.end_place for r in self.requests]
        self.duration = [r.duration for r in self.requests]
        self.windows = [tuple(sorted(r.windows)) for r in self.requests]
        self.team = [r.team for r in self.requests]
        self.prize = [r.prize for r in self.requests]
        self.released = [r.released_day for r in self.requests]
        self.fixed: list[int | None] = [None] * len(self.requests)
        self.promised: list[tuple[int, ...]] = [()] * len(self.requests)
        number = {r.id: index for index, r in enumerate(self.requests)}
        shift_number = {shift.id: s for s, shift in enumerate(self.shifts)}
        runs: list[list[int]] = [[] for _ in self.shifts]
        for promise in self.problem.promises:
            r = number[promise.request]
            self.fixed[r] = promise.start
            self.promised[r] = tuple(shift_number[shift] for shift in promise.shifts)
            for s in self.promised[r]:
                runs[s].append(r)
        # Stable: promises of the same start stay in the order of the file.
        self.base_runs = [tuple(sorted(run, key=lambda r: self.fixed[r] or 0)) for run in runs]
        # Request → who was told to come, on which day, and when.
        self.told = {
            number[s.request]: (frozenset(s.volunteers), self.day[shift_number[s.shifts[0]]], s.start)
            for s in self.problem.standing
        }

    def _holders(self, r: int) -> frozenset[int]:
        needed = self.requests[r].skills
        return frozenset(v for v, volunteer in enumerate(self.volunteers) if needed <= volunteer.skills)

    def _able(self, r: int) -> frozenset[int]:
        """Who speaks the language, is not blocked, and is near enough: asked of every new seat."""
        return frozenset(
            v for v in range(len(self.volunteers)) if self.speaks(r, v) and self.welcome(r, v) and self.near(r, v)
        )

    def speaks(self, r: int, v: int) -> bool:
        return self.requests[r].language in self.volunteers[v].languages

    def welcome(self, r: int, v: int) -> bool:
        return self.volunteers[v].id not in self.requests[r].blocked

    def near(self, r: int, v: int) -> bool:
        most = self.volunteers[v].max_leg
        return most is None or self.way_from_home(r, v) <= most

    def way_from_home(self, r: int, v: int) -> int:
        """Minutes from the volunteer's home to the request; 0 for help by phone."""
        volunteer = self.volunteers[v]
        return 0 if self.place[r] < 0 else self.tables[volunteer.mode][volunteer.home][self.place[r]]

    def ways_from_home(self, r: int, skilled: bool) -> list[int]:
        """The ways from home of all who could come, or of the skilled among them, the shortest first."""
        if (r, skilled) not in self._ways:
            asked = self.able[r] & self.skilled[r] if skilled else self.able[r]
            self._ways[r, skilled] = sorted(self.way_from_home(r, v) for v in asked)
        return self._ways[r, skilled]

    def kth_cost(self, slot: int, visits: int) -> int:
        """What one more visit costs in fairness, where `visits` of that week are in the plan already."""
        before, wish = self.done[slot] + visits, self.wish[slot]
        cost = self.weights.kth_visit_in_week * before
        if wish is not None and before >= wish:
            cost += self.weights.over_wish * (before + 1 - wish)
        return cost

    def worth(self, r: int, crew: tuple[int, ...]) -> int:
        """Points of a visit by the people of these shifts, but for travel and fairness."""
        if not crew:
            return 0
        request, weights = self.requests[r], self.weights
        points = request.prize if len(crew) == request.team else 0
        points -= weights.day_waited * max(0, self.day[crew[0]] - request.released_day)
        if self.told and self.kept(r, crew):
            points += weights.stability
        if request.preferred or request.earlier is not None:
            people = [self.volunteers[self.owner[s]].id for s in crew]
            points += weights.preferred * sum(person in request.preferred for person in people)
            points += weights.continuity if request.earlier in people else 0
        if weights.scarcity:
            points -= min((self._spent(r, s) for s in crew if self.owner[s] in self.skilled[r]), default=0)
        return points

    def kept(self, r: int, crew: tuple[int, ...]) -> bool:
        """Whether these are the people, and this the day, of the visit that stands."""
        if r not in self.told:
            return False
        people, day, _ = self.told[r]
        return self.day[crew[0]] == day and {self.volunteers[self.owner[s]].id for s in crew} == people

    def _spent(self, r: int, s: int) -> int:
        v, needed = self.owner[s], self.requests[r].skills
        if (v, needed) not in self._spending:
            rest = self.volunteers[v].skills - needed
            self._spending[v, needed] = sum(self.weights.scarcity.get(skill, 0) for skill in rest)
        return self._spending[v, needed]
