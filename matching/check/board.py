"""The plan laid out on the problem: who is where, which seats are new, which shifts are in conflict."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from matching.check.measure import Roads, legs
from matching.format import Plan, Problem, Promise, Request, Shift, Visit, Volunteer


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: `code` for machines, `text` for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One person at one visit; a seat that a promise names is not new."""

    volunteer: Volunteer
    shift: Shift
    new: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A visit of the plan that could be understood."""

    request: Request
    start: int
    seats: tuple[Seat, ...]
    promise: Promise | None

    @property
    def full(self) -> bool:
        return len(self.seats) == self.request.team

    @property
    def end(self) -> int:
        return self.start + self.request.duration


class Board:
    """Plan and problem side by side. Visits of unknown people or shifts are violations and left out."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.roads = Roads(problem)
        self.requests = {r.id: r for r in problem.requests}
        self.volunteers = {v.id: v for v in problem.volunteers}
        self.shifts = {s.id: (v, s) for v in problem.volunteers for s in v.shifts}
        self.promises = {p.request: p for p in problem.promises}
        self.violations: list[Violation] = []
        self.conflicts, self.barred = self._conflicts()
        self.meetings = self._meetings(plan)
        self.runs = self._runs()

    def fail(self, code: str, text: str) -> None:
        self.violations.append(Violation(code, text))

    def _meetings(self, plan: Plan) -> list[Meeting]:
        result, seen = [], set()
        for visit in plan.visits:
            if visit.request not in self.requests:
                self.fail("unknown_request", f"The plan visits {visit.request}, which the problem does not hold.")
            elif visit.request in seen:
                self.fail("visited_twice", f"Request {visit.request} is visited twice.")
            else:
                seen.add(visit.request)
                meeting = self._meeting(visit)
                if meeting is not None:
                    result.append(meeting)
        for request in self.promises:
            if request not in seen:
                self.fail("promise_dropped", f"The promise of request {request} is missing from the visits.")
        return result

    def _meeting(self, visit: Visit) -> Meeting | None:
        request, promise = self.requests[visit.request], self.promises.get(visit.request)
        if len(visit.volunteers) != len(visit.shifts) or not visit.volunteers:
            self.fail("seats_broken", f"Request {request.id}: volunteers and shifts do not match.")
            return None
        if len(set(visit.volunteers)) != len(visit.volunteers):
            self.fail("same_person_twice", f"Request {request.id} names one person twice.")
            return None
        promised = set(zip(promise.volunteers, promise.shifts, strict=True)) if promise else set()
        seats = []
        for volunteer, shift in zip(visit.volunteers, visit.shifts, strict=True):
            if volunteer not in self.volunteers:
                self.fail("unknown_volunteer", f"Request {request.id}: {volunteer} is no volunteer.")
                return None
            if shift not in self.shifts or self.shifts[shift][0].id != volunteer:
                self.fail("unknown_shift", f"Request {request.id}: {shift} is no shift of {volunteer}.")
                return None
            seats.append(Seat(self.volunteers[volunteer], self.shifts[shift][1], (volunteer, shift) not in promised))
        meeting = Meeting(request, visit.start, tuple(seats), promise)
        self._judge_crew(meeting, promised)
        return meeting

    def _judge_crew(self, meeting: Meeting, promised: set[tuple[str, str]]) -> None:
        request = meeting.request
        if len(meeting.seats) > request.team or (meeting.promise is None and not meeting.full):
            people = len(meeting.seats)
            self.fail("team_size", f"Request {request.id} needs a team of {request.team}, not {people}.")
        if meeting.promise is None:
            return
        if not promised <= {(s.volunteer.id, s.shift.id) for s in meeting.seats}:
            self.fail("promise_people", f"Request {request.id} was promised to other people or shifts.")
        if meeting.start != meeting.promise.start:
            promise = meeting.promise.start
            self.fail("promise_moved", f"Request {request.id} was promised at {promise}, not {meeting.start}.")

    def _runs(self) -> dict[str, list[tuple[Meeting, Seat]]]:
        """Shift id → its visits in order of start; promises of one start in the order of the file."""
        order = {promise.request: index for index, promise in enumerate(self.problem.promises)}
        runs: dict[str, list[tuple[Meeting, Seat]]] = defaultdict(list)
        for meeting in self.meetings:
            for seat in meeting.seats:
                runs[seat.shift.id].append((meeting, seat))
        for run in runs.values():
            run.sort(key=lambda item: (item[0].start, order.get(item[0].request.id, len(order))))
        return runs

    def _conflicts(self) -> tuple[list[str], set[str]]:
        """(shifts in conflict, in problem order; all shifts that take nothing new because of them)."""
        promised: dict[str, list[Promise]] = defaultdict(list)
        for promise in self.problem.promises:
            for shift_id in promise.shifts:
                promised[shift_id].append(promise)
        conflicts: list[str] = []
        barred: set[str] = set()
        for volunteer in self.problem.volunteers:
            for shift in volunteer.shifts:
                span = self._broken_span(volunteer, shift, promised.get(shift.id, []))
                if span is None:
                    continue
                conflicts.append(shift.id)
                barred.add(shift.id)
                barred |= {s.id for s in volunteer.shifts if s.start < span[1] and span[0] < s.end}
        return conflicts, barred

    def _broken_span(self, volunteer: Volunteer, shift: Shift, promises: list[Promise]) -> tuple[int, int] | None:
        """From leaving to being back, if these promises alone do not fit the shift; None if they do."""
        if not promises:
            return None
        run = sorted(promises, key=lambda p: p.start)
        asked = [self.requests[p.request] for p in run]
        way = legs(self.roads, volunteer, shift, asked)
        ends = [p.start + r.duration for p, r in zip(run, asked, strict=True)]
        leave, back = run[0].start - way[0], ends[-1] + way[-1]
        fits = leave >= shift.start and back <= shift.end
        for index in range(1, len(run)):
            fits = fits and ends[index - 1] + way[index] <= run[index].start
        return None if fits else (leave, max(back, *ends))
