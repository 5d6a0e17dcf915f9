"""A published plan as a state to go on from."""

from __future__ import annotations

from matching.engine.prepare import Prepared
from matching.engine.runs import Run
from matching.engine.state import State
from matching.format import Plan, Problem


def load_state(prep: Prepared, plan: Plan, without: str | None = None) -> State:
    """The state of a legal plan, leaving out the new seats of the request `without`.

    Starts are the engine's own: as early as the order of the visits allows.
    """
    state = State(prep)
    number = {request.id: r for r, request in enumerate(prep.requests)}
    shift_number = {shift.id: s for s, shift in enumerate(prep.shifts)}
    begin: dict[int, int] = {}
    coming: dict[int, list[int]] = {}
    for visit in plan.visits:
        r = number[visit.request]
        begin[r] = visit.start
        seats = tuple(shift_number[shift] for shift in visit.shifts)
        new = tuple(s for s in seats if s not in prep.promised[r])
        if visit.request == without or not new:
            continue
        _seat(state, r, new)
        for s in new:
            coming.setdefault(s, []).append(r)
    for s, requests in coming.items():
        # All at once: a pair's two runs are alike only when both hold everything.
        state.drive(s, _in_order(prep, prep.base_runs[s], requests, begin))
    return state


def _seat(state: State, r: int, new: tuple[int, ...]) -> None:
    prep = state.prep
    state.total -= prep.worth(r, state.crew[r])
    state.crew[r] = (*prep.promised[r], *new)
    state.total += prep.worth(r, state.crew[r])
    for s in new:
        state.total += state.count(s)
    if len(new) == 2:
        s, t = new
        state.mate[s], state.mate[t] = t, s


def _in_order(prep: Prepared, promised: Run, new: list[int], begin: dict[int, int]) -> Run:
    """Promised and new visits by start; promises of one start stay in the order of the file."""
    run = [(prep.fixed[r] or 0, r) for r in promised] + [(begin[r], r) for r in new]
    return tuple(r for _, r in sorted(run, key=lambda item: item[0]))


def load_for(problem: Problem, plan: Plan) -> tuple[Prepared, State]:
    """A problem prepared to go on from a legal plan, and the plan's state."""
    prep = Prepared(problem)
    state = load_state(prep, plan)
    allow_odd_minutes(prep, state)
    return prep, state


def allow_odd_minutes(prep: Prepared, state: State) -> None:
    """Give up the multiple of `start_step` where a plan, made elsewhere, only fits at odd minutes."""
    if prep.step != 1 and not all(state.stands(s) for s in range(len(state.runs))):
        prep.step = 1
