"""What a request and a shift are worth at the margin: the prices of the linear programme over all runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.engine.bound import upper_bound
from matching.engine.load import load_for
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.arrays import to_arrays
from matching.exact.columns import Blocks
from matching.exact.generation import Generation
from matching.exact.scale import SCALE
from matching.format import Plan, Problem
from matching.stop import Clocked, Stop

__all__ = ["Prices", "prices"]

# Beyond this many requests the programme takes longer than its prices are worth here.
MOST_REQUESTS = 2_000
# Of the time, so much may go into the prices.
SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Prices:
    """Points by id: what one more person free for this very request would bring; what a shift brings as things are."""

    request: Mapping[str, int]
    shift: Mapping[str, int]


def prices(problem: Problem, plan: Plan, stop: Stop, seed: int) -> Prices:
    """Prices around a legal plan. Where the programme is too large, or time too short, each unserved request is worth
    its prize, a served one nothing, and a shift what is visited in it."""
    if len(problem.requests) > MOST_REQUESTS:
        return _simple(problem, plan)
    prep, state = load_for(problem, plan)
    search, base = Search(prep, seed), State(prep)
    bound = upper_bound(search.moves, base)
    if state.total >= bound:
        return _simple(problem, plan)
    steps = Clocked(stop).share(SHARE)
    generation = Generation(Blocks(search.moves, base, to_arrays(prep)), state, bound, steps)
    generation.relax()
    duals = generation.duals
    if duals is None:
        return _simple(problem, plan)
    paid = {request.id: int(duals.request[r]) // SCALE for r, request in enumerate(prep.requests)}
    left = {request.id: max(0, request.prize - paid[request.id]) for request in problem.requests}
    return Prices(left, {shift.id: int(duals.shift[s]) // SCALE for s, shift in enumerate(prep.shifts)})


def _simple(problem: Problem, plan: Plan) -> Prices:
    known = {request.id: request for request in problem.requests}
    left = {request.id: request.prize for request in problem.requests}
    held: dict[str, int] = {}
    for visit in plan.visits:
        request = known[visit.request]
        if len(visit.volunteers) == request.team:
            left[visit.request] = 0
            for shift in visit.shifts:
                held[shift] = held.get(shift, 0) + request.prize // request.team
    return Prices(left, held)
