"""A plan in the making: runs, crews, counts and the total, changed by moves."""

from __future__ import annotations

from dataclasses import dataclass

from matching.engine.prepare import Prepared
from matching.engine.runs import Run, legs, ride, ride_together

ALONE = -1


@dataclass(frozen=True, slots=True)
class Move:
    """Put `request` into new seats of the shifts `seats`, at position `at` of the run, for `gain` points."""

    gain: int
    request: int
    seats: tuple[int, ...]
    at: int


class State:
    """`runs[s]` in order of visit; `crew[r]` the shifts that visit r; `mate[s]` the shift a pair goes with.

    `mate[s]` is ALONE unless the shift holds a new team-2 visit; then both shifts have the same run.
    """

    __slots__ = ("crew", "mate", "prep", "runs", "total", "trips", "visits", "way")

    def __init__(self, prep: Prepared) -> None:
        self.prep = prep
        self.runs: list[Run] = list(prep.base_runs)
        self.crew: list[tuple[int, ...]] = list(prep.promised)
        self.mate = [ALONE] * len(self.runs)
        self.way = [sum(legs(prep, s, run)) for s, run in enumerate(self.runs)]
        self.visits = [0] * len(prep.done)
        self.trips = [0] * len(prep.volunteers)
        self.total = sum(prep.worth(r, crew) for r, crew in enumerate(self.crew))
        self.total -= prep.weights.travel * sum(self.way)
        for crew in self.crew:
            for s in crew:
                self.total += self.count(s)

    def copy(self) -> State:
        twin = State.__new__(State)
        twin.prep, twin.total = self.prep, self.total
        twin.runs, twin.crew, twin.mate = self.runs[:], self.crew[:], self.mate[:]
        twin.way, twin.visits, twin.trips = self.way[:], self.visits[:], self.trips[:]
        return twin

    def count(self, s: int) -> int:
        """Count one more visit in a shift; the points it brings."""
        points = self.one_more(s)
        self.visits[self.prep.slot[s]] += 1
        self.trips[self.prep.owner[s]] += 1
        return points

    def _discount(self, s: int) -> int:
        self.visits[self.prep.slot[s]] -= 1
        self.trips[self.prep.owner[s]] -= 1
        return -self.one_more(s)

    def one_more(self, s: int) -> int:
        """Fairness points of one more visit in a shift: the kth visit's cost, a newcomer's bonus."""
        prep, v = self.prep, self.prep.owner[s]
        bonus = prep.weights.first_visit if self.trips[v] == 0 and prep.volunteers[v].idle else 0
        return bonus - prep.kth_cost(prep.slot[s], self.visits[prep.slot[s]])

    def full(self, r: int) -> bool:
        return len(self.crew[r]) == self.prep.team[r]

    def new_seats(self, r: int) -> tuple[int, ...]:
        promised = self.prep.promised[r]
        return tuple(s for s in self.crew[r] if s not in promised)

    def is_new(self, r: int, s: int) -> bool:
        return s not in self.prep.promised[r]

    def apply(self, move: Move) -> None:
        """Carry out a move that was found on this very state."""
        prep, r = self.prep, move.request
        self.total -= prep.worth(r, self.crew[r])
        self.crew[r] = (*self.crew[r], *move.seats)
        self.total += prep.worth(r, self.crew[r])
        for s in move.seats:
            run = self.runs[s]
            self.drive(s, (*run[: move.at], r, *run[move.at :]))
            self.total += self.count(s)
        if len(move.seats) == 2:
            s, t = move.seats
            self.mate[s], self.mate[t] = t, s

    def drive(self, s: int, run: Run) -> None:
        way = sum(legs(self.prep, s, run))
        self.total -= self.prep.weights.travel * (way - self.way[s])
        self.runs[s], self.way[s] = run, way

    def remove(self, r: int) -> None:
        """Free all new seats of a request.

        Runs that do not fit without it lose their other new visits too: a place may be nearer over another.
        """
        seats = self.new_seats(r)
        self.take_out(r)
        for s in seats:
            self._mend(s)

    def take_out(self, r: int) -> None:
        """Free all new seats of a request, whether or not the runs fit without it."""
        prep = self.prep
        seats = self.new_seats(r)
        self.total -= prep.worth(r, self.crew[r])
        self.crew[r] = prep.promised[r]
        self.total += prep.worth(r, self.crew[r])
        for s in seats:
            self.drive(s, tuple(q for q in self.runs[s] if q != r))
            self.total += self._discount(s)
        for s in seats:
            t = self.mate[s]
            if t != ALONE and not any(self._is_pair_visit(q) for q in self.runs[s]):
                self.mate[s] = self.mate[t] = ALONE

    def _is_pair_visit(self, r: int) -> bool:
        return self.prep.team[r] == 2 and self.prep.fixed[r] is None

    def _mend(self, s: int) -> None:
        if self.stands(s):
            return
        mates = {s, self.mate[s]} - {ALONE}
        for r in self.runs[s]:
            if self.is_new(r, s):
                mates.update(self.new_seats(r))
                self.take_out(r)
        for other in sorted(mates - {s}):
            self._mend(other)

    def stands(self, s: int) -> bool:
        """Whether a shift's run fits; one of promises only is not checked."""
        run, t = self.runs[s], self.mate[s]
        if not any(self.is_new(r, s) for r in run):
            return True
        if t == ALONE:
            return ride(self.prep, s, run) is not None
        same = run == self.runs[t] and all(set(self.crew[r]) == {s, t} for r in run)
        return same and ride_together(self.prep, s, t, run) is not None
