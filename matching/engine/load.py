"""A published plan as a state to go on from."""

from __future__ import annotations

from matching.engine.prepare import Prepared
from matching.engine.state import Move, State
from matching.format import Plan


def load_state(prep: Prepared, plan: Plan, without: str | None = None) -> State:
    """The state of a legal plan, leaving out the new seats of the request `without`."""
    state = State(prep)
    number = {request.id: r for r, request in enumerate(prep.requests)}
    shift_number = {shift.id: s for s, shift in enumerate(prep.shifts)}
    begin: dict[int, int] = {}
    for visit in sorted(plan.visits, key=lambda v: v.start):
        r = number[visit.request]
        begin[r] = visit.start
        new = tuple(s for s in (shift_number[shift] for shift in visit.shifts) if s not in prep.promised[r])
        if not new or visit.request == without:
            continue
        runs = [[prep.fixed[q] if q not in begin else begin[q] for q in state.runs[s]] for s in new]
        at = sum((start or 0) <= visit.start for start in runs[0])
        state.apply(Move(0, r, new, at))
    return state
