"""One urgent request into a standing plan: ranked ways to seat it, each with what it changes for others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

from matching.engine.load import load_for
from matching.engine.narrow import narrow, widen
from matching.engine.prepare import Prepared
from matching.engine.publish import objective
from matching.engine.seating import Seating
from matching.engine.state import ALONE, State
from matching.engine.timetable import timetable
from matching.engine.ways import Step, direct, displacing
from matching.engine.why import reasons_for
from matching.format import Plan, Problem, Unserved, Visit
from matching.format.plan import Why

__all__ = ["Alternative", "Desk", "Displaced", "Moved", "Seat", "dump_alternative"]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who makes a visit, in which shifts, and when."""

    volunteers: tuple[str, ...]
    shifts: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit whose people and shifts stay, and whose start does not."""

    request: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Displaced:
    """The visit that gives way: `becomes` is its new seat, None where it is left out."""

    request: str
    was: Seat
    becomes: Seat | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to seat a request. `volunteers` are the new people only, `shifts[i]` belongs to `volunteers[i]`.

    `start` is in units of time, `gain` the change of the plan's total, `travel` the minutes added over all runs,
    `why` as in `matching.engine.why`, `moved` the other visits that start at another time.
    """

    request: str
    volunteers: tuple[str, ...]
    shifts: tuple[str, ...]
    start: int
    gain: int
    travel: int
    why: tuple[Why, ...]
    moved: tuple[Moved, ...]
    displaced: Displaced | None
    step: Step = field(repr=False, compare=False)
    turn: int = field(repr=False, compare=False)

    @property
    def needs_coordinator(self) -> bool:
        """Somebody who was told of a visit must be told of another, or of none."""
        return self.displaced is not None


def dump_alternative(alternative: Alternative) -> dict[str, object]:
    """The JSON value of an alternative."""
    data = asdict(replace(alternative, step=None, turn=0))  # type: ignore[arg-type]
    del data["step"], data["turn"]
    return data | {"needs_coordinator": alternative.needs_coordinator}


class Desk:
    """A problem and its standing plan, prepared once; `plan` is what stands now."""

    def __init__(self, problem: Problem, plan: Plan, loaded: tuple[Prepared, State] | None = None) -> None:
        """`plan` must be legal; `loaded` is the problem prepared with the plan's state, where that is at hand."""
        self.prep, self.state = loaded or load_for(problem, plan)
        self.problem, self._said = problem, plan
        self.number = {request.id: r for r, request in enumerate(self.prep.requests)}
        self.begin = {self.number[visit.request]: visit.start for visit in plan.visits}
        self._why = {self.number[visit.request]: visit.why for visit in plan.visits}
        self._left = {entry.request: entry for entry in plan.unserved}
        self.seating = Seating(self.state)
        self._turn = 0

    def insert(
        self, request: str, most: int = 8, at: int | None = None, only_direct: bool = False
    ) -> list[Alternative]:
        """The `most` best ways to seat a request, by gain, which may be negative; of equals the direct ones first.

        With `at`, only ways to start at that time; with `only_direct`, none for which another visit gives way. Empty
        where every seat is taken or nobody can come. KeyError for an unknown request.
        """
        r = self.number[request]
        if self.state.full(r):
            return []
        if at is not None:
            narrow(self.prep, self.seating.arrays, r, at)
        steps = direct(self.seating, r, most)
        if not only_direct:
            steps += displacing(self.seating, r)
        steps.sort(key=lambda step: (-step.gain, step.gone is not None, step.move.seats, step.gone or 0))
        found = [self._alternative(step) for step in steps[:most]]
        widen(self.prep, self.seating.arrays, r)
        return found

    def apply(self, alternative: Alternative) -> Plan:
        """Carry out an alternative that was found on the plan as it stands; ValueError for an older one."""
        if alternative.turn != self._turn:
            raise ValueError("the plan has changed since this alternative was found")
        step, r = alternative.step, alternative.step.move.request
        touched = _touched(self.state, step)
        after = _carried_out(self.state, step)
        narrow(self.prep, self.seating.arrays, r, alternative.start)
        self.begin.update(self._starts(after, touched))
        widen(self.prep, self.seating.arrays, r)
        for name in State.__slots__:
            setattr(self.state, name, getattr(after, name))
        self.seating.follow(touched)
        self._turn += 1
        for q in {r, step.gone} - {None}:
            self._why[q] = reasons_for(self.state, q) if self.state.crew[q] else ()  # type: ignore[index,arg-type]
        if self.state.full(r):
            self._left.pop(alternative.request, None)
        if step.gone is not None and step.next is None:
            self._left_out(step.gone, alternative, step.fits)
        return self.plan

    def fix(self, request: str) -> None:
        """From now on a visit keeps its people and its start, whatever is inserted."""
        r = self.number[request]
        self.seating.movable[r] = 0
        narrow(self.prep, self.seating.arrays, r, self.begin[r])

    def _left_out(self, gone: int, alternative: Alternative, fits: tuple[int, ...]) -> None:
        assert alternative.displaced is not None
        owners = sorted({self.prep.owner[s] for s in fits})
        people = tuple(self.prep.volunteers[v].id for v in owners) or alternative.displaced.was.volunteers
        name = self.prep.requests[gone].id
        self._left[name] = Unserved(name, "not_worth" if fits else "taken_by_others", people)

    @property
    def plan(self) -> Plan:
        """The plan as it stands, its objective measured anew."""
        names = [request.id for request in self.prep.requests]
        terms, bound = objective(self.state), self._said.bound
        if self._said.status == "optimal" and bound != terms.total:
            status = "feasible"
        else:
            status = self._said.status
        return replace(
            self._said,
            visits=tuple(self._visit(r) for r, crew in enumerate(self.state.crew) if crew),
            unserved=tuple(self._left[name] for name in names if name in self._left),
            objective=terms,
            gap=None if bound is None else (bound - terms.total) / max(1, abs(bound)),
            status="optimal" if bound == terms.total else status,
        )

    def _visit(self, r: int) -> Visit:
        seat = self._seat(self.state.crew[r], self.begin[r])
        return Visit(self.prep.requests[r].id, seat.volunteers, seat.shifts, seat.start, self._why.get(r, ()))

    def _seat(self, shifts: Iterable[int], start: int) -> Seat:
        prep, crew = self.prep, tuple(shifts)
        people = tuple(prep.volunteers[prep.owner[s]].id for s in crew)
        return Seat(people, tuple(prep.shifts[s].id for s in crew), start)

    def _alternative(self, step: Step) -> Alternative:
        prep, r = self.prep, step.move.request
        touched = _touched(self.state, step)
        after = _carried_out(self.state, step)
        begin = self._starts(after, touched)
        seat = self._seat(step.move.seats, begin[r])
        others = sorted(begin.keys() - {r, step.gone})
        displaced = None
        if step.gone is not None:
            becomes = None if step.next is None else self._seat(after.crew[step.gone], begin[step.gone])
            was = self._seat(self.state.crew[step.gone], self.begin[step.gone])
            displaced = Displaced(prep.requests[step.gone].id, was, becomes)
        return Alternative(
            request=prep.requests[r].id,
            volunteers=seat.volunteers,
            shifts=seat.shifts,
            start=seat.start,
            gain=step.gain,
            travel=sum(after.way[s] - self.state.way[s] for s in touched),
            why=tuple(why for why in reasons_for(after, r) if why["volunteer"] in seat.volunteers),
            moved=tuple(
                Moved(prep.requests[q].id, self.begin[q], begin[q]) for q in others if begin[q] != self.begin[q]
            ),
            displaced=displaced,
            step=step,
            turn=self._turn,
        )

    def _starts(self, after: State, touched: set[int]) -> dict[int, int]:
        """Starts in the runs that a step touches: as told where that still fits."""
        begin: dict[int, int] = {}
        for s in sorted(touched):
            run = after.runs[s]
            if any(after.is_new(q, s) for q in run):
                shifts = (s,) if after.mate[s] == ALONE else (s, after.mate[s])
                begin.update(zip(run, timetable(self.prep, shifts, run, self.begin), strict=True))
        return begin


def _touched(state: State, step: Step) -> set[int]:
    return {*step.move.seats, *(step.next.seats if step.next is not None else ())}


def _carried_out(state: State, step: Step) -> State:
    after = state.copy()
    if step.gone is not None:
        after.take_out(step.gone)
    after.apply(step.move)
    if step.next is not None:
        after.apply(step.next)
    return after
