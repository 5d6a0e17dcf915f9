"""Somebody is ill, declines or has other hours: a plan for what is left, near the one that people were told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from matching.change import Away, Change, changed, successors
from matching.engine.load import load_state
from matching.engine.moves import Moves
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, visits
from matching.engine.reasons import Reasons
from matching.engine.settle import settled
from matching.engine.state import State
from matching.format import Plan, Problem, Unserved, Visit
from matching.insert import Desk, Seat
from matching.neighbourhood import improved
from matching.stop import Stop

__all__ = ["Away", "Change", "Changed", "Repaired", "dump_changes", "repair"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A request whose people, day or start changed.

    `kind`: `kept_time_new_people`, `moved` (another time, with whomever), `seat_open` (a promise stands with fewer
    people than it needs), `dropped`, `new`. `confirmed`: somebody had promised it. `reason` and `people` are those of
    `unserved` where a seat is open or nobody comes.
    """

    request: str
    kind: str
    before: Seat | None
    after: Seat | None
    confirmed: bool
    reason: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repaired:
    """`plan` is a legal plan of `problem`, the one after the change; `changes` in the order of the requests."""

    problem: Problem
    plan: Plan
    changes: tuple[Changed, ...]


def dump_changes(changes: Iterable[Changed]) -> list[dict[str, object]]:
    """The JSON value: `with` holds the people of the reason."""
    result = []
    for change in changes:
        data = asdict(change)
        people = data.pop("people")
        result.append({**data, "with": people})
    return result


def repair(problem: Problem, plan: Plan, change: Change, stop: Stop, seed: int = 1) -> Repaired:
    """Plan anew around a change of `problem`, whose legal plan is `plan`, until `stop(iterations)` is True.

    What people have promised stays where they still come. A promise that lost somebody is first sought at the same
    start with somebody else, then at another time of the person's. The rest is planned anew in a neighbourhood, where
    every visit that stays as it was told earns the weight `stability`. Deterministic for (seed, iterations).
    ProblemError names what in the change is wrong.
    """
    after = changed(problem, plan, change)
    prep = Prepared(after)
    state, told = settled(prep, _surviving(problem, plan, after))
    freed = _freed(plan, state)
    desk = Desk(after, _as_plan(plan, state, told, freed), (prep, state))
    confirmed = {promise.request for promise in problem.promises}
    lost = [r for r in freed if prep.requests[r].id in confirmed]
    seated = _seat_confirmed(desk, plan, lost)
    _seat_quietly(desk, [r for r in freed if r not in lost])
    found = improved(desk, _freed(plan, state), seated, change.people, stop, seed)
    if len(seated) < len(lost):
        found = _once_more(after, prep, found, plan, lost)
    asked = {request for request, _ in change.declined}
    asked |= {p.request for p in {*problem.promises} - {*after.promises}}
    final = _published(prep, plan, found, change, asked)
    return Repaired(after, final, _changes(problem, plan, final))


def _surviving(problem: Problem, plan: Plan, after: Problem) -> tuple[Visit, ...]:
    """The visits of the plan that are still whole, and all promises."""
    homes, asked = successors(problem, after.volunteers), {r.id: r for r in after.requests}
    old, now = ({p.request: p for p in given.promises} for given in (problem, after))
    result = []
    for visit in plan.visits:
        promise = now.get(visit.request)
        if promise is None and visit.request in old:
            continue
        held = old[visit.request].volunteers if visit.request in old else ()
        crew = list(zip(promise.volunteers, promise.shifts, strict=True)) if promise else []
        new = [(v, homes[s]) for v, s in zip(visit.volunteers, visit.shifts, strict=True) if v not in held]
        there = [(v, s.id) for v, s in new if s is not None and v not in asked[visit.request].blocked]
        if promise is None and len(there) < len(new):
            continue
        crew += there
        people, shifts = tuple(v for v, _ in crew), tuple(s for _, s in crew)
        result.append(replace(visit, volunteers=people, shifts=shifts))
    return tuple(result)


def _freed(plan: Plan, state: State) -> list[int]:
    """Requests that have fewer people than they had, the dearest first."""
    prep = state.prep
    had = {visit.request: len(visit.volunteers) for visit in plan.visits}
    lost = [r for r, one in enumerate(prep.requests) if had.get(one.id, 0) > len(state.crew[r])]
    return sorted(lost, key=lambda r: (-prep.prize[r], prep.released[r], r))


def _as_plan(plan: Plan, state: State, told: dict[int, int], freed: list[int]) -> Plan:
    """What is left of the plan, the reasons of what was freed left for later."""
    prep = state.prep
    said = {entry.request: entry for entry in plan.unserved}
    said |= {prep.requests[r].id: Unserved(prep.requests[r].id, "taken_by_others", ()) for r in freed}
    return replace(
        plan,
        visits=visits(state, told),
        unserved=tuple(said[r.id] for r in prep.requests if r.id in said),
        promise_conflicts=tuple(prep.shifts[s].id for s in prep.conflicts),
        objective=objective(state),
        bound=None,
        gap=None,
        status="feasible",
    )


def _seat_confirmed(desk: Desk, plan: Plan, lost: list[int]) -> set[int]:
    """Seats for the promises that lost somebody, at the same start where anybody can come then; those that got one."""
    begin = {visit.request: visit.start for visit in plan.visits}
    seated = set()
    for r in lost:
        name = desk.prep.requests[r].id
        ways = desk.insert(name, 1, begin[name]) or desk.insert(name, 1)
        if ways:
            desk.apply(ways[0])
            desk.fix(name)
            seated.add(r)
    return seated


def _seat_quietly(desk: Desk, freed: list[int]) -> None:
    """Seats that gain more than the starts they move are worth, each as much as a visit that stays as it was told."""
    stability = desk.prep.weights.stability
    for r in freed:
        ways = [(way.gain - stability * len(way.moved), way) for way in desk.insert(desk.prep.requests[r].id)]
        calm, best = max(ways, key=lambda way: way[0], default=(0, None))
        if best is not None and calm > 0:
            desk.apply(best)


def _once_more(after: Problem, prep: Prepared, found: Plan, plan: Plan, lost: list[int]) -> Plan:
    """Where somebody was not found for all: perhaps as things are now."""
    desk = Desk(after, found, (prep, load_state(prep, found)))
    for r in lost:
        if desk.state.full(r):
            desk.fix(prep.requests[r].id)
    _seat_confirmed(desk, plan, lost)
    return desk.plan


def _published(prep: Prepared, plan: Plan, found: Plan, change: Change, asked: set[str]) -> Plan:
    """The plan with the reasons of its visits, and those of whatever may be left out for another reason now.

    `asked` are the requests that lost somebody, or may be taken by fewer.
    """
    number = {request.id: r for r, request in enumerate(prep.requests)}
    state, base = load_state(prep, found), State(prep)
    moves = Moves(prep)
    reasons = Reasons(moves, state, base)
    said, before = {entry.request: entry for entry in found.unserved}, {entry.request: entry for entry in plan.unserved}
    others = frozenset(v for v, volunteer in enumerate(prep.volunteers) if volunteer.id in change.hours)
    for name, entry in said.items():
        r = number[name]
        touched = name in asked or not change.people.isdisjoint(entry.people)
        # Whose hours are new may now have some for what was out of their reach.
        if entry == before.get(name) and not touched and not moves.options.hosts(r, prep.able[r] & others):
            continue
        code, people = reasons.reason(r)
        said[name] = Unserved(name, code, tuple(prep.volunteers[v].id for v in sorted(people)))
    return replace(
        found,
        visits=visits(state, {number[visit.request]: visit.start for visit in found.visits}),
        unserved=tuple(said[r.id] for r in prep.requests if r.id in said),
        objective=objective(state),
    )


def _changes(problem: Problem, plan: Plan, final: Plan) -> tuple[Changed, ...]:
    confirmed = {promise.request for promise in problem.promises}
    was, now = ({visit.request: visit for visit in each.visits} for each in (plan, final))
    said = {entry.request: entry for entry in final.unserved}
    result = []
    for request in problem.requests:
        before, after = was.get(request.id), now.get(request.id)
        kind = _kind(before, after)
        if kind is None:
            continue
        entry = said.get(request.id) if kind in ("dropped", "seat_open") else None
        one = Changed(request.id, kind, _seat(before), _seat(after), request.id in confirmed)
        result.append(one if entry is None else replace(one, reason=entry.reason, people=entry.people))
    return tuple(result)


def _kind(before: Visit | None, after: Visit | None) -> str | None:
    if before is None or after is None:
        return None if before is after else "new" if before is None else "dropped"
    if before.start != after.start:
        return "moved"
    if set(before.volunteers) == set(after.volunteers):
        return None
    return "seat_open" if len(after.volunteers) < len(before.volunteers) else "kept_time_new_people"


def _seat(visit: Visit | None) -> Seat | None:
    return None if visit is None else Seat(visit.volunteers, visit.shifts, visit.start)
