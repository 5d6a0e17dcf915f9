"""A problem with one thing more: a volunteer, a skill, a half-day. Every plan of the old problem is one of the new."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matching.format import Plan, Problem, Shift, Travel, Visit, Volunteer

__all__ = ["NEW", "More", "needs", "widened"]

NEW_VOLUNTEER, TRAINING, MORE_HOURS = "new_volunteer", "training", "more_hours"
# Ids of what is added; lengthened where somebody has them already.
NEW = "new"


@dataclass(frozen=True, slots=True)
class More:
    """`kind`: `new_volunteer` (`volunteer` with one shift lives where the request `near` is), `training`
    (`volunteer` learns `skills`), `more_hours` (`volunteer` has `shift` too).

    For help by phone nobody lives near it: then `near` is None, and home is the first place there is.
    """

    kind: str
    volunteer: Volunteer
    skills: frozenset[str] = frozenset()
    shift: Shift | None = None
    near: str | None = None


def widened(problem: Problem, more: More) -> Problem:
    """The problem with one thing more; it may be a part of the problem that `more` was made for.

    KeyError where the request or the volunteer is none of this problem's.
    """
    if more.kind == NEW_VOLUNTEER:
        return _with_newcomer(problem, more)
    if more.volunteer.id not in {volunteer.id for volunteer in problem.volunteers}:
        raise KeyError(more.volunteer.id)
    people = tuple(_grown(v, more) if v.id == more.volunteer.id else v for v in problem.volunteers)
    return replace(problem, volunteers=people)


def needs(problem: Problem, visit: Visit, more: More) -> bool:
    """Whether this visit of the wider problem cannot be made in `problem`: who it is by, or what they know."""
    if more.shift is not None:
        return more.shift.id in visit.shifts
    if more.volunteer.id not in visit.volunteers:
        return False
    wanted = next(request.skills for request in problem.requests if request.id == visit.request)
    promised = next((p.volunteers for p in problem.promises if p.request == visit.request), ())
    skills = {volunteer.id: volunteer.skills for volunteer in problem.volunteers}
    return more.volunteer.id not in promised and not any(wanted <= skills[person] for person in visit.volunteers)


def without(problem: Problem, plan: Plan, more: More) -> Plan:
    """A plan of the wider problem, without the visits that need what was added. Only its visits mean anything."""
    promises = {promise.request: promise for promise in problem.promises}
    kept = []
    for visit in plan.visits:
        promise = promises.get(visit.request)
        if not needs(problem, visit, more):
            kept.append(visit)
        elif promise is not None:
            kept.append(Visit(visit.request, promise.volunteers, promise.shifts, promise.start))
    return replace(plan, visits=tuple(kept))


def fresh(problem: Problem) -> str:
    """An id that no volunteer and no shift of the problem has, nor anybody whom a request names."""
    taken = {shift.id for volunteer in problem.volunteers for shift in volunteer.shifts}
    taken |= {volunteer.id for volunteer in problem.volunteers}
    for request in problem.requests:
        taken |= request.preferred | request.blocked | {request.earlier or ""}
    name = NEW
    while name in taken:
        name += "+"
    return name


def _grown(volunteer: Volunteer, more: More) -> Volunteer:
    if more.shift is not None:
        return replace(volunteer, shifts=(*volunteer.shifts, more.shift))
    return replace(volunteer, skills=volunteer.skills | more.skills)


def _with_newcomer(problem: Problem, more: More) -> Problem:
    if more.near is None:
        return _with_someone_anywhere(problem, replace(more.volunteer, home=0))
    beside = {request.id: request.place for request in problem.requests}[more.near]
    assert beside is not None, "somebody lives near a place"
    xy, lat_lon = (None if p is None else (*p, p[beside]) for p in (problem.xy_km, problem.lat_lon))
    travel, places = problem.travel, problem.xy_km or problem.lat_lon
    home = 0 if places is None else len(places)
    if travel.matrix is not None:
        table = next(iter(travel.matrix.values()), ())
        home = len(table)
        grown = {mode: _neighbour(rows, beside) for mode, rows in travel.matrix.items()}
        travel = Travel(matrix=grown)
    newcomer = replace(more.volunteer, home=home)
    return replace(problem, travel=travel, xy_km=xy, lat_lon=lat_lon, volunteers=(*problem.volunteers, newcomer))


def _with_someone_anywhere(problem: Problem, newcomer: Volunteer) -> Problem:
    travel, xy, lat_lon = problem.travel, problem.xy_km, problem.lat_lon
    if travel.matrix is not None and not any(travel.matrix.values()):
        travel = Travel(matrix=dict.fromkeys(travel.matrix, ((0,),)))
    elif travel.matrix is None and not (xy or lat_lon):
        xy, lat_lon = ((0.0, 0.0),), None
    return replace(problem, travel=travel, xy_km=xy, lat_lon=lat_lon, volunteers=(*problem.volunteers, newcomer))


def _neighbour(rows: tuple[tuple[int, ...], ...], beside: int) -> tuple[tuple[int, ...], ...]:
    """One place more, as far from everything as `beside` is, and from that the shortest way there is."""
    nearest = min((leg for a, row in enumerate(rows) for b, leg in enumerate(row) if a != b), default=0)
    column = [nearest if a == beside else row[beside] for a, row in enumerate(rows)]
    back = [nearest if b == beside else leg for b, leg in enumerate(rows[beside])]
    return (*((*row, way) for row, way in zip(rows, column, strict=True)), (*back, 0))
