"""What has changed since a plan was made, and the problem that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from matching.format import Plan, Problem, ProblemError, Promise, Request, Shift, Standing, Volunteer

__all__ = ["Away", "Change", "changed"]

# Keeping one visit as it was told is worth this part of a mean prize, unless the change says otherwise.
STABILITY_SHARE = 5


@dataclass(frozen=True, slots=True)
class Away:
    """A volunteer who cannot come at all, or not on these days (`day` of the shifts)."""

    volunteer: str
    days: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """`declined` holds (request, volunteer); `hours` a volunteer's new shifts, all of them, which do not overlap.

    `stability` is the weight of every visit that stays as it was told; None for the problem's own, and where that is 0
    for a fifth of the mean prize.
    """

    away: tuple[Away, ...] = ()
    declined: tuple[tuple[str, str], ...] = ()
    hours: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)
    stability: int | None = None

    def absent(self, volunteer: str, day: int) -> bool:
        """Whether a volunteer is away on a day."""
        return any(a.volunteer == volunteer and (a.days is None or day in a.days) for a in self.away)

    @property
    def people(self) -> frozenset[str]:
        """Everybody whom the change is about."""
        return frozenset((*(a.volunteer for a in self.away), *(v for _, v in self.declined), *self.hours))


def changed(problem: Problem, plan: Plan, change: Change) -> Problem:
    """The problem after the change, in which the other visits of `plan` stand as they were told.

    Promises lose those who are away or declined, and go where nobody is left. Edited hours take no promise away: its
    shift stays as it is now, or closed. ProblemError names what in the change is wrong.
    """
    _judge(problem, change)
    held = {shift for promise in problem.promises for shift in promise.shifts}
    people = tuple(_with_hours(v, change, held) for v in problem.volunteers)
    homes = successors(problem, people)
    declined = set(change.declined)
    promises = tuple(p for p in (_promise(p, homes, declined) for p in problem.promises) if p.volunteers)
    lost = {p.request for p in problem.promises} - {p.request for p in promises}
    promised = {p.request: len(p.volunteers) for p in problem.promises}
    told = [v for v in plan.visits if len(v.volunteers) > promised.get(v.request, 0)]
    standing = (_standing(Standing(v.request, v.volunteers, v.shifts, v.start), homes, declined) for v in told)
    return replace(
        problem,
        weights=replace(problem.weights, stability=_stability(problem, change)),
        volunteers=people,
        requests=tuple(_request(r, change) for r in problem.requests),
        promises=promises,
        standing=tuple(s for s in standing if s is not None and s.request not in lost),
    )


def _judge(problem: Problem, change: Change) -> None:
    people, asked = {v.id for v in problem.volunteers}, {r.id for r in problem.requests}
    named = [(f"away[{i}].volunteer", a.volunteer) for i, a in enumerate(change.away)]
    named += [(f"declined[{i}].volunteer", v) for i, (_, v) in enumerate(change.declined)]
    named += [("hours", v) for v in change.hours]
    for path, name in named:
        if name not in people:
            raise ProblemError(path, f"{name} is no volunteer of this problem")
    for i, (request, _) in enumerate(change.declined):
        if request not in asked:
            raise ProblemError(f"declined[{i}].request", f"{request} is no request of this problem")
    seen = {s.id: v.id for v in problem.volunteers if v.id not in change.hours for s in v.shifts}
    for name, shifts in change.hours.items():
        for i, shift in enumerate(shifts):
            if shift.id in seen:
                raise ProblemError(f"hours.{name}[{i}].id", f"{shift.id} is a shift of {seen[shift.id]} already")
            seen[shift.id] = name


def _stability(problem: Problem, change: Change) -> int:
    if change.stability is not None:
        return change.stability
    mean = sum(r.prize for r in problem.requests) // max(1, STABILITY_SHARE * len(problem.requests))
    return problem.weights.stability or mean


def _with_hours(volunteer: Volunteer, change: Change, promised: set[str]) -> Volunteer:
    """The shifts of the days on which this person is there; those of promises stay, closed where hours have gone."""
    shifts = list(change.hours.get(volunteer.id, volunteer.shifts))
    for old in volunteer.shifts:
        if old.id in promised and _follows(old, shifts) is None:
            shifts.append(_closed_beside(old, shifts))
    there = tuple(shift for shift in shifts if not change.absent(volunteer.id, shift.day))
    return replace(volunteer, shifts=there)


def _closed_beside(old: Shift, shifts: list[Shift]) -> Shift:
    """An old shift, closed, where the new ones of other days leave it room."""
    start, end = old.start, old.end
    for shift in sorted(shifts, key=lambda s: s.start):
        if shift.start < end and start < shift.end:
            start, end = (start, shift.start) if shift.start > start else (shift.end, end)
    return replace(old, start=start, end=max(start, end), closed=True)


def _follows(old: Shift, shifts: list[Shift] | tuple[Shift, ...]) -> Shift | None:
    """The shift that takes the place of an old one: of the same id, else one of the same day that meets its hours."""
    for shift in shifts:
        if shift.id == old.id and shift.day == old.day:
            return shift
    meet = [s for s in shifts if s.day == old.day and s.start < old.end and old.start < s.end]
    return max(meet, key=lambda s: min(s.end, old.end) - max(s.start, old.start), default=None)


def successors(problem: Problem, people: tuple[Volunteer, ...]) -> dict[str, Shift | None]:
    """Old shift id → the shift that it is now, None where there is none."""
    return {
        shift.id: _follows(shift, now.shifts)
        for before, now in zip(problem.volunteers, people, strict=True)
        for shift in before.shifts
    }


def _promise(promise: Promise, homes: Mapping[str, Shift | None], declined: set[tuple[str, str]]) -> Promise:
    """The promise of those who still come."""
    crew = [
        (v, home.id)
        for v, s in zip(promise.volunteers, promise.shifts, strict=True)
        if (home := homes[s]) is not None and (promise.request, v) not in declined
    ]
    return replace(promise, volunteers=tuple(v for v, _ in crew), shifts=tuple(s for _, s in crew))


def _standing(told: Standing, homes: Mapping[str, Shift | None], declined: set[tuple[str, str]]) -> Standing | None:
    """What stands for all its people: who and which day count, so another shift of that day is as good."""
    now = [home for s in told.shifts if (home := homes[s]) is not None]
    if len(now) < len(told.shifts) or any((told.request, v) in declined for v in told.volunteers):
        return None
    return replace(told, shifts=tuple(shift.id for shift in now))


def _request(request: Request, change: Change) -> Request:
    refused = {v for r, v in change.declined if r == request.id}
    return replace(request, blocked=request.blocked | refused) if refused else request
