"""Reading promises and standing visits: both name people, shifts and requests that stand in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from matching.format.model import Promise, Request, Shift, Standing, Volunteer
from matching.format.strict import INSTANT, ProblemError, each, fields, integer, shown, text, texts

Told = TypeVar("Told", Promise, Standing)


def parse_promises(
    value: object, volunteers: Sequence[Volunteer], requests: Sequence[Request], limit: int
) -> tuple[Promise, ...]:
    """All promises, each judged against the people, shifts and requests of the problem."""
    return _parse(value, "promises", Promise, volunteers, requests, limit)


def parse_standing(
    value: object, volunteers: Sequence[Volunteer], requests: Sequence[Request], limit: int
) -> tuple[Standing, ...]:
    """All standing visits, judged as promises are."""
    return _parse(value, "standing", Standing, volunteers, requests, limit)


def _parse(
    value: object, key: str, kind: type[Told], volunteers: Sequence[Volunteer], requests: Sequence[Request], limit: int
) -> tuple[Told, ...]:
    teams = {r.id: r.team for r in requests}
    shifts = {s.id: (v.id, s) for v in volunteers for s in v.shifts}
    people = {v.id for v in volunteers}
    promises = each(value, key, limit, lambda one, path: _told(one, path, kind))
    seen: set[str] = set()
    for index, promise in enumerate(promises):
        path = f"{key}[{index}]"
        if promise.request not in teams:
            raise ProblemError(f"{path}.request", f"{shown(promise.request)} is no request of this problem")
        if promise.request in seen:
            raise ProblemError(f"{path}.request", f"{shown(promise.request)} stands in {key} twice")
        seen.add(promise.request)
        _judge(promise, path, teams[promise.request], people, shifts)
    return promises


def _told(value: object, path: str, kind: type[Told]) -> Told:
    data = fields(value, path, ("request", "volunteers", "shifts", "start"))
    return kind(
        text(data["request"], f"{path}.request"),
        texts(data["volunteers"], f"{path}.volunteers"),
        texts(data["shifts"], f"{path}.shifts"),
        integer(data["start"], f"{path}.start", -INSTANT, INSTANT),
    )


def _judge(promise: Promise, path: str, team: int, people: set[str], shifts: dict[str, tuple[str, Shift]]) -> None:
    crew = promise.volunteers
    if not 1 <= len(crew) <= team:
        raise ProblemError(f"{path}.volunteers", f"must name 1 to {team} people, not {len(crew)}")
    if len(set(crew)) != len(crew):
        raise ProblemError(f"{path}.volunteers", "names the same person twice")
    if len(promise.shifts) != len(crew):
        raise ProblemError(f"{path}.shifts", "must name one shift for each volunteer")
    for index, (volunteer, shift) in enumerate(zip(crew, promise.shifts, strict=True)):
        if volunteer not in people:
            raise ProblemError(f"{path}.volunteers[{index}]", f"{shown(volunteer)} is no volunteer of this problem")
        if shift not in shifts:
            raise ProblemError(f"{path}.shifts[{index}]", f"{shown(shift)} is no shift of this problem")
        if shifts[shift][0] != volunteer:
            raise ProblemError(f"{path}.shifts[{index}]", f"{shown(shift)} is no shift of {shown(volunteer)}")
    if len({shifts[s][1].day for s in promise.shifts}) > 1:
        raise ProblemError(f"{path}.shifts", "must share a day")
