"""What is left of a plan after its problem changed: as much of it as still stands."""

from __future__ import annotations

from matching.engine.load import allow_odd_minutes, load_state
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, starts
from matching.engine.state import State
from matching.format import Plan, Visit


def settled(prep: Prepared, visits: tuple[Visit, ...]) -> tuple[State, dict[int, int]]:
    """(a legal state with these visits, but those that no longer fit; the start of each as told where that fits).

    Of a run that does not fit, visits go one by one, the one of the lowest prize first. All promises are in `visits`.
    """
    number = {request.id: r for r, request in enumerate(prep.requests)}
    empty = objective(State(prep))
    state = load_state(prep, Plan(visits, (), (), empty))
    allow_odd_minutes(prep, state)
    for r, seats in enumerate(state.crew):
        if seats and state.new_seats(r) and not _may_stay(prep, state, r):
            state.take_out(r)
    left = list(range(len(state.runs)))
    while left:
        s = left.pop()
        new = [r for r in state.runs[s] if state.is_new(r, s)]
        if new and not _fits(prep, state, s):
            r = min(new, key=lambda q: (prep.prize[q], q))
            left.extend(state.new_seats(r))
            state.take_out(r)
    return state, starts(state, {number[visit.request]: visit.start for visit in visits})


def _may_stay(prep: Prepared, state: State, r: int) -> bool:
    new = state.new_seats(r)
    if any(s in prep.conflicts for s in prep.promised[r]) or not all(prep.usable[s] for s in new):
        return False
    return prep.fixed[r] is not None or prep.day[new[0]] >= prep.released[r]


def _fits(prep: Prepared, state: State, s: int) -> bool:
    slot = prep.slot[s]
    return state.visits[slot] <= prep.limit[slot] and state.stands(s)
