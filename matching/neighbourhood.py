"""The neighbourhood of what was freed, planned anew: those who compete for it, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, zip_longest

from matching.engine.load import load_state
from matching.engine.prepare import ENDLESS, Prepared
from matching.engine.publish import objective, starts, unserved, visits
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.strategy import plan_exactly
from matching.format import Plan, Problem, Promise, Volunteer
from matching.insert import Desk
from matching.parts import Part, closure, merged, part_of
from matching.progress import Progress
from matching.stop import Stop

MOST_REQUESTS = 60
MOST_VOLUNTEERS = 40
# Of the requests, so many may be others that nobody visits.
MOST_UNSERVED = 20


def improved(desk: Desk, freed: list[int], fixed: Iterable[int], people: Iterable[str], stop: Stop, seed: int) -> Plan:
    """The desk's plan with the neighbourhood of `freed` and of `people` planned anew; the visits `fixed` stay."""
    plan = desk.plan
    around = _around(desk, plan, freed, people)
    if not around:
        return plan
    part = part_of(desk.problem, plan, around, _unserved_near(desk, plan, freed, around))
    held = _holding(part, {desk.prep.requests[r].id for r in fixed})
    prep = Prepared(held)
    if [prep.shifts[s].id for s in prep.conflicts] != list(part.plan.promise_conflicts):
        # Without the triangle inequality what is fixed may not fit without the rest: then everything stays.
        return plan
    search, base = Search(prep, seed), State(prep)
    begin = {visit.request: visit.start for visit in part.plan.visits}
    told = {r: begin[request.id] for r, request in enumerate(prep.requests) if request.id in begin}
    now = load_state(prep, part.plan)
    filled = search.finish(now)
    # A changed start costs nothing in the objective; here it is one more thing that somebody must be told.
    state = max((now, filled, _best_from(filled, base, search, stop)), key=lambda s: _calm(s, told))
    if state is now:
        return plan
    new = replace(
        part.plan,
        visits=visits(state, told),
        unserved=unserved(search.moves, state, base),
        objective=objective(state),
    )
    return merged(desk.problem, plan, part, new)


def _best_from(state: State, base: State, search: Search, stop: Stop) -> State:
    """The best plan there is, mostly: so small a part is soon solved to the end. Else whatever search still finds."""
    if stop(search.iterations):
        return state
    found, bound = plan_exactly(search, base, state, ENDLESS, stop, Progress())
    return search.finish(search.better(found, stop, bound))


def _calm(state: State, told: dict[int, int]) -> int:
    """The total, less the weight of stability for each visit that keeps its people and not its start."""
    prep, begin = state.prep, starts(state, told)
    moved = [r for r in told if state.crew[r] and begin[r] != told[r] and prep.kept(r, state.crew[r])]
    return state.total - prep.weights.stability * len(moved)


def _around(desk: Desk, plan: Plan, freed: list[int], people: Iterable[str]) -> frozenset[str]:
    """Whom the change is about, then those who could take what was freed, the nearest first, while there is room."""
    busy: dict[str, set[str]] = {}
    for visit in plan.visits:
        for volunteer in visit.volunteers:
            busy.setdefault(volunteer, set()).add(visit.request)
    found: frozenset[str] = frozenset()
    asked: set[str] = set()
    nearest = [_takers(desk, r) for r in freed if not desk.state.full(r)]
    for name in dict.fromkeys(chain(sorted(people), _in_turn(nearest))):
        wider = closure(desk.problem, plan, {name}) | found
        visited = asked.union(*(busy.get(one, ()) for one in wider))
        if len(wider) <= MOST_VOLUNTEERS and len(visited) <= MOST_REQUESTS - MOST_UNSERVED:
            found, asked = wider, visited
    return found


def _takers(desk: Desk, r: int) -> list[str]:
    """Who could come for a request, whatever else they do, the nearest first."""
    prep = desk.prep
    owners = {prep.owner[s] for s in desk.seating.hosts(r)}
    return [prep.volunteers[v].id for v in sorted(owners, key=lambda v: (prep.way_from_home(r, v), v))]


def _in_turn(lists: list[list[str]]) -> Iterator[str]:
    return (name for row in zip_longest(*lists) for name in row if name is not None)


def _unserved_near(desk: Desk, plan: Plan, freed: list[int], around: frozenset[str]) -> list[str]:
    """What was freed, and of what nobody visits the nearest to somebody around who could take it."""
    prep = desk.prep
    mine = {v for v, volunteer in enumerate(prep.volunteers) if volunteer.id in around}
    first = [r for r in freed if not desk.state.crew[r]]
    ways = []
    for r, crew in enumerate(desk.state.crew):
        able = prep.able[r] & mine
        if not crew and r not in first and able & prep.skilled[r]:
            ways.append((min(prep.way_from_home(r, v) for v in able), r))
    visited = sum(not around.isdisjoint(visit.volunteers) for visit in plan.visits)
    room = max(0, min(MOST_UNSERVED, MOST_REQUESTS - visited - len(first)))
    return [prep.requests[r].id for r in (*first, *(r for _, r in sorted(ways)[:room]))]


def _holding(part: Part, fixed: set[str]) -> Problem:
    """The part's problem with the visits `fixed` as promises, and the shifts of fixed pairs closed.

    A promise would let its people go apart to something else, which two new people of a team may not: so all they do
    in these shifts is held.
    """
    problem = part.problem
    promised = {promise.request: promise for promise in problem.promises}
    teams = {request.id: request.team for request in problem.requests}
    pairs = {
        shift
        for visit in part.plan.visits
        if visit.request in fixed and visit.request not in promised and teams[visit.request] == 2
        for shift in visit.shifts
    }
    for visit in part.plan.visits:
        if visit.request in fixed or not pairs.isdisjoint(visit.shifts):
            promised[visit.request] = Promise(visit.request, visit.volunteers, visit.shifts, visit.start)
    people = tuple(_closed(volunteer, pairs) for volunteer in problem.volunteers)
    return replace(problem, volunteers=people, promises=tuple(promised.values()))


def _closed(volunteer: Volunteer, shifts: set[str]) -> Volunteer:
    if shifts.isdisjoint(shift.id for shift in volunteer.shifts):
        return volunteer
    return replace(volunteer, shifts=tuple(replace(s, closed=s.closed or s.id in shifts) for s in volunteer.shifts))
