"""A part of a problem is a problem in the same format: some volunteers with all their shifts, and what concerns them.

Nothing that a part decides is felt outside it: its people's weeks are whole, and everybody who goes or has promised to
go with one of them is in it too. So the total of the whole changes by exactly what the total of the part changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from matching.check.board import Board
from matching.check.claims import first_empty_filter
from matching.check.terms import measure
from matching.format import Objective, Plan, Problem, Request, Shift, Travel, Unserved, Visit, Volunteer

__all__ = ["Part", "closure", "merged", "part_of", "valued"]


@dataclass(frozen=True, slots=True)
class Part:
    """`plan` holds the visits of this part and is a legal plan of `problem`; ids are those of the whole."""

    problem: Problem
    plan: Plan
    volunteers: frozenset[str]
    requests: frozenset[str]


def closure(problem: Problem, plan: Plan, volunteers: Iterable[str]) -> frozenset[str]:
    """These people and all who are tied to them by a visit or a promise in common, over however many steps."""
    tied: dict[str, set[str]] = defaultdict(set)
    for crew in (*(p.volunteers for p in problem.promises), *(v.volunteers for v in plan.visits)):
        if len(crew) > 1:
            for volunteer in crew:
                tied[volunteer].update(crew)
    found, left = set[str](), list(volunteers)
    while left:
        volunteer = left.pop()
        if volunteer not in found:
            found.add(volunteer)
            left.extend(tied.get(volunteer, ()))
    return frozenset(found)


def part_of(problem: Problem, plan: Plan, volunteers: Iterable[str], requests: Iterable[str] = ()) -> Part:
    """The part of these volunteers, of all who are tied to them, and of those of `requests` that nobody visits.

    `plan` is a legal plan of `problem`. KeyError for a volunteer or a request that the problem does not hold.
    """
    people, asked = closure(problem, plan, volunteers), frozenset(requests)
    _known(people, {v.id for v in problem.volunteers})
    _known(asked, {r.id for r in problem.requests})
    visits = tuple(visit for visit in plan.visits if not people.isdisjoint(visit.volunteers))
    promises = tuple(promise for promise in problem.promises if not people.isdisjoint(promise.volunteers))
    mine = {visit.request for visit in visits} | {promise.request for promise in promises}
    mine |= asked - {visit.request for visit in plan.visits}
    small = replace(
        problem,
        volunteers=tuple(v for v in problem.volunteers if v.id in people),
        requests=tuple(r for r in problem.requests if r.id in mine),
        promises=promises,
        # What stands with somebody outside cannot be kept in here, nor is it there now.
        standing=tuple(s for s in problem.standing if s.request in mine and people.issuperset(s.volunteers)),
    )
    small = _with_own_places(small)
    shifts = {shift.id for volunteer in small.volunteers for shift in volunteer.shifts}
    part_plan = Plan(
        visits=visits,
        unserved=_unserved_of(small, plan, visits),
        promise_conflicts=tuple(shift for shift in plan.promise_conflicts if shift in shifts),
        objective=plan.objective,
    )
    return Part(small, valued(small, part_plan), people, frozenset(mine))


def merged(problem: Problem, plan: Plan, part: Part, part_plan: Plan) -> Plan:
    """The whole plan with the visits of the part replaced by those of `part_plan`, a legal plan of `part.problem`.

    The objective is measured anew by the judge's own rules. What remains unserved keeps its reason; what became
    unserved has the part's, whose people are those of the part. `why` stays with visits that stayed as they were.
    """
    before = {visit.request: visit for visit in plan.visits}
    now = {request: visit for request, visit in before.items() if request not in part.requests}
    for visit in part_plan.visits:
        now[visit.request] = _with_why(visit, before.get(visit.request))
    order = [request.id for request in problem.requests]
    reasons = {entry.request: entry for entry in part_plan.unserved}
    left = {entry.request: entry for entry in plan.unserved if entry.request not in part.requests}
    kept = {entry.request: entry for entry in plan.unserved}
    left |= {request: kept.get(request, entry) for request, entry in reasons.items()}
    whole = replace(
        plan,
        visits=tuple(now[request] for request in order if request in now),
        unserved=tuple(left[request] for request in order if request in left),
    )
    return valued(problem, whole)


def valued(problem: Problem, plan: Plan) -> Plan:
    """The plan with its objective measured by the judge, and what follows from it: the gap and the status."""
    objective: Objective = measure(Board(problem, plan))
    gap = None if plan.bound is None else (plan.bound - objective.total) / max(1, abs(plan.bound))
    status = "feasible" if plan.status == "optimal" else plan.status
    if plan.bound == objective.total:
        status = "optimal"
    return replace(plan, objective=objective, gap=gap, status=status)


def _known(ids: frozenset[str], known: set[str]) -> None:
    if ids - known:
        raise KeyError(min(ids - known))


def _with_why(visit: Visit, before: Visit | None) -> Visit:
    """Reasons found in a part compare its own people only: they are not those of the whole."""
    same = before is not None and (visit.shifts, visit.start) == (before.shifts, before.start)
    return replace(visit, why=before.why if same and before is not None else ())


def _unserved_of(problem: Problem, plan: Plan, visits: tuple[Visit, ...]) -> tuple[Unserved, ...]:
    """Among fewer people an earlier filter may leave nobody."""
    staffed = {visit.request: len(visit.volunteers) for visit in visits}
    known = {entry.request: entry for entry in plan.unserved}
    board, promised = Board(problem, replace(plan, visits=visits)), {p.request for p in problem.promises}
    result = []
    for request in problem.requests:
        if staffed.get(request.id, 0) == request.team:
            continue
        entry = known[request.id]
        first = None if request.id in promised else first_empty_filter(board, request)
        people = tuple(person for person in entry.people if person in board.volunteers)
        result.append(Unserved(request.id, first or entry.reason, people))
    return tuple(result)


def _with_own_places(problem: Problem) -> Problem:
    """Only the places that are used, numbered anew; two indices stay two, whatever their coordinates."""
    used = sorted({place for places in map(_places, problem.volunteers) for place in places} | _asked(problem))
    number = {place: index for index, place in enumerate(used)}
    points = problem.xy_km, problem.lat_lon
    xy, lat_lon = (None if p is None else tuple(p[place] for place in used) for p in points)
    return replace(
        problem,
        travel=_travel(problem, used),
        volunteers=tuple(_moved(volunteer, number) for volunteer in problem.volunteers),
        requests=tuple(_placed(request, number) for request in problem.requests),
        xy_km=xy,
        lat_lon=lat_lon,
    )


def _places(volunteer: Volunteer) -> set[int]:
    ends = {place for shift in volunteer.shifts for place in (shift.from_place, shift.to_place) if place is not None}
    return ends | {volunteer.home}


def _asked(problem: Problem) -> set[int]:
    return {place for r in problem.requests for place in (r.place, r.end_place) if place is not None}


def _travel(problem: Problem, used: list[int]) -> Travel:
    matrix = problem.travel.matrix
    if matrix is None:
        return problem.travel
    rows = {mode: tuple(tuple(table[a][b] for b in used) for a in used) for mode, table in matrix.items()}
    return Travel(matrix=rows)


def _moved(volunteer: Volunteer, number: dict[int, int]) -> Volunteer:
    def ends(shift: Shift) -> Shift:
        if shift.from_place is None and shift.to_place is None:
            return shift
        into, back = _at(shift.from_place, number), _at(shift.to_place, number)
        return replace(shift, from_place=into, to_place=back)

    return replace(volunteer, home=number[volunteer.home], shifts=tuple(ends(shift) for shift in volunteer.shifts))


def _placed(request: Request, number: dict[int, int]) -> Request:
    return replace(request, place=_at(request.place, number), end_place=_at(request.end_place, number))


def _at(place: int | None, number: dict[int, int]) -> int | None:
    return None if place is None else number[place]
