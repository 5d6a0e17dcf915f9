"""A state mirrored in arrays: what every seat for one request is worth, at once, judged by compiled kernels."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from matching.engine.state import ALONE, State
from matching.exact.arrays import Ints, to_arrays
from matching.exact.hours import NEVER
from matching.exact.seats import NOBODY, best_seats

# Wider than any run that has been seen; a longer one widens the table.
WIDTH = 12


class Seating:
    """Arrays beside one state; `follow` after every change of it."""

    def __init__(self, state: State) -> None:
        prep = state.prep
        self.prep, self.state = prep, state
        self.arrays = to_arrays(prep)
        self.owner, self.slot, self.day = (ints(values) for values in (prep.owner, prep.slot, prep.day))
        self.usable = np.array(prep.usable, dtype=bool)
        self.limit, self.done = ints(prep.limit), ints(prep.done)
        self.wish = ints([2**40 if wish is None else wish for wish in prep.wish])
        self.idle = np.array([v.idle for v in prep.volunteers], dtype=bool)
        self.number = {volunteer.id: v for v, volunteer in enumerate(prep.volunteers)}
        self.scarce = prep.weights.scarcity
        self.rare = ints([sum(self.scarce.get(skill, 0) for skill in v.skills) for v in prep.volunteers])
        self.runs = np.full((len(prep.shifts), WIDTH), -1, dtype=np.int64)
        self.length = np.zeros(len(prep.shifts), dtype=np.int64)
        alone = [team == 1 and start is None for team, start in zip(prep.team, prep.fixed, strict=True)]
        self.movable = ints(alone)
        self.follow(range(len(prep.shifts)))

    def follow(self, shifts: Iterable[int]) -> None:
        """Take over what the state holds in these shifts, and all its counts."""
        state = self.state
        for s in shifts:
            run = state.runs[s]
            if len(run) > self.runs.shape[1]:
                self.runs = np.pad(self.runs, ((0, 0), (0, len(run))), constant_values=-1)
            self.runs[s, : len(run)] = run
            self.length[s] = len(run)
        self.way, self.mate = ints(state.way), ints(state.mate)
        self.visits, self.trips = ints(state.visits), ints(state.trips)

    # -- what a seat is worth, travel aside

    def one_more(self, shifts: Ints) -> Ints:
        """Fairness points of one more visit in each shift, as `State.one_more`."""
        weights, slot, v = self.prep.weights, self.slot[shifts], self.owner[shifts]
        before = self.done[slot] + self.visits[slot]
        points: Ints = -weights.kth_visit_in_week * before
        points -= weights.over_wish * np.maximum(0, before + 1 - self.wish[slot])
        return points + weights.first_visit * (self.idle[v] & (self.trips[v] == 0))

    def people(self, r: int) -> tuple[Ints, Ints, Ints]:
        """By volunteer: points of preference, 1 for who came earlier, scarcity spent (of the skilled)."""
        request, weights = self.prep.requests[r], self.prep.weights
        liked = np.zeros(len(self.idle), dtype=np.int64)
        for name in request.preferred:
            if name in self.number:
                liked[self.number[name]] = weights.preferred
        earlier = np.zeros(len(self.idle), dtype=np.int64)
        if request.earlier in self.number:
            earlier[self.number[request.earlier]] = 1
        return liked, earlier, self.rare - sum(self.scarce.get(skill, 0) for skill in request.skills)

    def hosts_of(self, r: int, people: frozenset[int]) -> Ints:
        """Usable shifts of these people whose hours meet a window of an unpromised request."""
        prep, hours = self.prep, self.arrays.hours
        may = np.zeros(len(self.idle), dtype=bool)
        may[list(people)] = True
        theirs = np.flatnonzero(may[self.owner] & self.usable & (self.day >= prep.released[r]))
        start, end = hours.start[theirs] + prep.duration[r], hours.end[theirs]
        meets = np.zeros(len(theirs), dtype=bool)
        for opens, closes in prep.windows[r]:
            meets |= np.maximum(start, opens + prep.duration[r]) <= np.minimum(end, closes)
        return theirs[meets]

    def shared(self, r: int, shifts: Ints) -> Ints:
        """By shift: the prize less the waiting."""
        waited = np.maximum(0, self.day[shifts] - self.prep.released[r])
        points: Ints = self.prep.prize[r] - self.prep.weights.day_waited * waited
        return points

    def singles(self, r: int) -> tuple[Ints, Ints]:
        """Shifts that may take one new person for r, whatever else they hold, and what that is worth."""
        prep, there = self.prep, self.prep.promised[r]
        if len(there) == prep.team[r] or (prep.team[r] == 2 and not there):
            return ints([]), ints([])
        if there:
            return self._helpers(r)
        shifts = self.hosts_of(r, prep.skilled[r] & prep.able[r])
        v, (liked, earlier, spent) = self.owner[shifts], self.people(r)
        worth = self.shared(r, shifts) + liked[v] + prep.weights.continuity * earlier[v] - spent[v]
        if r in prep.told:
            worth += prep.weights.stability * ints([prep.kept(r, (s,)) for s in shifts.tolist()])
        return shifts, worth

    def _helpers(self, r: int) -> tuple[Ints, Ints]:
        prep, there = self.prep, self.prep.promised[r]
        if any(s in prep.conflicts for s in there):
            return ints([]), ints([])
        names = {prep.owner[s] for s in there}
        people = prep.able[r] if names & prep.skilled[r] else prep.able[r] & prep.skilled[r]
        on_day = np.flatnonzero(self.usable & (self.day == prep.day[there[0]])).tolist()
        shifts = [s for s in on_day if prep.owner[s] in people - names]
        before = prep.worth(r, there)
        return ints(shifts), ints([prep.worth(r, (*there, s)) - before for s in shifts])

    def hosts(self, r: int) -> list[int]:
        """Shifts of people who may be new at r, whatever else they hold; of a team's, of all who may be one of two."""
        pair = self.prep.team[r] == 2 and not self.prep.promised[r]
        shifts: list[int] = (self.hosts_of(r, self.prep.able[r]) if pair else self.singles(r)[0]).tolist()
        return shifts

    def free_seats(self, r: int, apart: tuple[int, ...] = ()) -> tuple[Ints, Ints, Ints]:
        """(shifts, gains, positions) of the seats that one new person may have for r, but for the shifts `apart`."""
        shifts, worth = self.singles(r)
        free = (self.mate[shifts] == ALONE) & (self.visits[self.slot[shifts]] < self.limit[self.slot[shifts]])
        for s in apart:
            free &= shifts != s
        shifts, worth = shifts[free], worth[free]
        ways, places = best_seats(self.arrays, self.runs, self.length, shifts, np.full_like(shifts, NOBODY), r)
        gains = worth + self.one_more(shifts) - self.prep.weights.travel * (ways - self.way[shifts])
        fits = ways < NEVER
        return shifts[fits], gains[fits], places[fits]


def ints(values: list[int] | list[bool]) -> Ints:
    """As the kernels read them."""
    return np.array(values, dtype=np.int64)
