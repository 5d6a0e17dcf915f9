"""From a state to a plan: visits with their starts, reasons, and the objective term by term."""

from __future__ import annotations

from collections.abc import Mapping

from matching.engine.moves import Moves
from matching.engine.reasons import Reasons
from matching.engine.state import ALONE, State
from matching.engine.timetable import timetable
from matching.engine.why import reasons_for
from matching.format import Objective, Unserved, Visit


def starts(state: State, told: Mapping[int, int] | None = None) -> dict[int, int]:
    """Request → start, for every visit of the state; as `told` where it can be.

    Without `told`, a visit that stands with its people on its day keeps its start where it can.
    """
    prep = state.prep
    if told is None:
        told = {r: start for r, (_, _, start) in prep.told.items() if state.crew[r] and prep.kept(r, state.crew[r])}
    result = {r: fixed for r, fixed in enumerate(prep.fixed) if fixed is not None}
    for s, run in enumerate(state.runs):
        # A shift of promises only is not checked, so it may not even be driveable.
        if not any(state.is_new(r, s) for r in run):
            continue
        shifts = (s,) if state.mate[s] == ALONE else (s, state.mate[s])
        result.update(zip(run, timetable(prep, shifts, run, told), strict=True))
    return result


def visits(state: State, told: Mapping[int, int] | None = None) -> tuple[Visit, ...]:
    """All visits, in the order of the requests, started as `starts` says."""
    prep, begin = state.prep, starts(state, told)
    return tuple(
        Visit(
            request=prep.requests[r].id,
            volunteers=tuple(prep.volunteers[prep.owner[s]].id for s in crew),
            shifts=tuple(prep.shifts[s].id for s in crew),
            start=begin[r],
            why=reasons_for(state, r),
        )
        for r, crew in enumerate(state.crew)
        if crew
    )


def unserved(moves: Moves, state: State, base: State) -> tuple[Unserved, ...]:
    """Every request that is not fully staffed, with its reason."""
    prep, reasons, result = moves.prep, Reasons(moves, state, base), []
    for r, request in enumerate(prep.requests):
        if state.full(r):
            continue
        code, people = reasons.reason(r)
        result.append(Unserved(request.id, code, tuple(prep.volunteers[v].id for v in sorted(people))))
    return tuple(result)


def objective(state: State) -> Objective:
    """The terms, summed anew from the state's visits."""
    prep, weights = state.prep, state.prep.weights
    served = waiting = continuity = preferred = stability = worth = 0
    for r, crew in enumerate(state.crew):
        if not crew:
            continue
        request, people = prep.requests[r], {prep.volunteers[prep.owner[s]].id for s in crew}
        served += request.prize if state.full(r) else 0
        waiting -= weights.day_waited * max(0, prep.day[crew[0]] - request.released_day)
        continuity += weights.continuity * (request.earlier in people)
        preferred += weights.preferred * len(people & request.preferred)
        stability += weights.stability * prep.kept(r, crew)
        worth += prep.worth(r, crew)
    scarcity = worth - served - waiting - continuity - preferred - stability
    travel = -weights.travel * sum(state.way)
    fairness = state.total - worth - travel
    return Objective(state.total, served, travel, waiting, continuity, preferred, fairness, scarcity, stability)
