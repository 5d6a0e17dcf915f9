"""What of an earlier plan is still legal in a problem that has changed since: a plan to begin the next one from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matching.engine.moves import Moves
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, visits
from matching.engine.settle import settled
from matching.format import Plan, Problem, Visit

__all__ = ["carried"]


def carried(problem: Problem, earlier: Iterable[Visit]) -> Plan:
    """A legal plan with those of the earlier visits that still fit, and with whatever fits in besides.

    The promises of the problem stand. A visit of somebody or something unknown, of people who may not make it, or that
    fits in its run no more, is left out alone. Only `visits` and `objective` mean anything.
    """
    prep = Prepared(problem)
    promised = {p.request: Visit(p.request, p.volunteers, p.shifts, p.start) for p in problem.promises}
    kept = promised | {visit.request: visit for visit in _eligible(prep, earlier)}
    state, told = settled(prep, tuple(kept.values()))
    moves = Moves(prep)
    for r in sorted(range(len(prep.requests)), key=lambda r: (-prep.prize[r], prep.released[r], r)):
        move = None if state.full(r) else moves.best(state, r)
        if move is not None and move.gain > 0:
            state.apply(move)
    return Plan(visits(state, told), (), (), objective(state))


def _eligible(prep: Prepared, earlier: Iterable[Visit]) -> Iterator[Visit]:
    """Earlier visits whose people may make them, hours and other visits aside."""
    number = {request.id: r for r, request in enumerate(prep.requests)}
    shift_number = {shift.id: s for s, shift in enumerate(prep.shifts)}
    for visit in earlier:
        r, seats = number.get(visit.request), tuple(shift_number.get(shift, -1) for shift in visit.shifts)
        if r is None or len(seats) != prep.team[r] or -1 in seats:
            continue
        people = tuple(prep.volunteers[prep.owner[s]].id for s in seats)
        if people == visit.volunteers and len(set(people)) == len(people) and _may(prep, r, seats, visit.start):
            yield visit


def _may(prep: Prepared, r: int, seats: tuple[int, ...], start: int) -> bool:
    there = prep.promised[r]
    if not set(there) <= set(seats) or prep.fixed[r] not in (None, start):
        return False
    if len({prep.day[s] for s in seats}) > 1:
        return False
    owners = {prep.owner[s] for s in seats}
    new = {prep.owner[s] for s in seats if s not in there}
    return bool(new) and new <= prep.able[r] and bool(owners & prep.skilled[r])
