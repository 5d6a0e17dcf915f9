"""From anybody's routes to a legal plan, as generously as possible.

What breaks a rule of the full model is left out, then everything not served is put in by ranked insertion wherever
it gains: a rival whose language knows no teams of two gets them served all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching.engine.moves import Moves
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, unserved, visits
from matching.engine.runs import ride
from matching.engine.state import ALONE, Move, State
from matching.format import Plan, Problem

Routes = Mapping[int, Sequence[int]]
"""Shift number → request numbers in order of visit, numbered as in `Prepared`."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A problem prepared for making plans by hand."""

    prep: Prepared
    moves: Moves
    base: State

    @classmethod
    def of(cls, problem: Problem) -> Bench:
        if problem.promises:
            raise ValueError("the rivals know no promises")
        prep = Prepared(problem)
        return cls(prep, Moves(prep), State(prep))

    def by_prize(self, requests: Iterable[int]) -> list[int]:
        prep = self.prep
        return sorted(requests, key=lambda r: (-prep.prize[r], prep.released[r], r))


def mended(bench: Bench, routes: Routes) -> State:
    """The routes without what breaks a rule, of each week its most valuable visits; then everything that gains."""
    state, kept = bench.base.copy(), _within_weeks(bench, routes)
    single = bench.moves.options.single
    for s, route in sorted(routes.items()):
        for r in route:
            if (s, r) in kept and any(s == able for able, _ in single[r]):
                _append(state, s, r)
    complete(bench, state)
    return state


def _within_weeks(bench: Bench, routes: Routes) -> set[tuple[int, int]]:
    """(shift, request) of the most valuable visits of each volunteer's week, as many as its limit allows."""
    prep = bench.prep
    weeks: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for s, route in routes.items():
        weeks[prep.slot[s]] += [(s, r) for r in route]
    kept: set[tuple[int, int]] = set()
    for slot, seats in weeks.items():
        seats.sort(key=lambda seat: (-prep.prize[seat[1]], seat))
        kept.update(seats[: max(0, prep.limit[slot])])
    return kept


def _append(state: State, s: int, r: int) -> None:
    """One more visit at the end of a run, if all rules allow it."""
    prep, slot, run = state.prep, state.prep.slot[s], (*state.runs[s], r)
    if state.crew[r] or state.mate[s] != ALONE or state.visits[slot] >= prep.limit[slot]:
        return
    way = ride(prep, s, run)
    if way is not None:
        gain = prep.worth(r, (s,)) + state.one_more(s) - prep.weights.travel * (way - state.way[s])
        state.apply(Move(gain, r, (s,), len(run) - 1))


def complete(bench: Bench, state: State) -> None:
    """Ranked insertion by prize, again and again, until no request left out would raise the total."""
    found = True
    while found:
        found = False
        for r in bench.by_prize(r for r in range(len(bench.prep.requests)) if not state.full(r)):
            move = bench.moves.best(state, r, every=True)
            if move is not None and move.gain > 0:
                state.apply(move)
                found = True


def published(bench: Bench, state: State, seconds: float) -> Plan:
    """The plan as the format has it, without a bound; `seconds` of CPU is what the search took."""
    return Plan(
        visits=visits(state),
        unserved=unserved(bench.moves, state, bench.base),
        promise_conflicts=tuple(bench.prep.shifts[s].id for s in bench.prep.conflicts),
        objective=objective(state),
        seconds=round(seconds, 3),
    )
