"""What a coordinator does today: one request after the other as they came in, to the nearest who is free."""

from __future__ import annotations

import time

from benchmarks.rivals.mend import Bench, published
from matching.engine.prepare import Prepared
from matching.engine.state import Move, State
from matching.format import Plan, Problem


def plan(problem: Problem, seconds: float) -> Plan:
    """Nobody once asked is asked again, and nothing is moved; it needs no time limit."""
    began = time.process_time()
    bench = Bench.of(problem)
    prep, state = bench.prep, State(bench.prep)
    for r in sorted(range(len(prep.requests)), key=lambda r: (prep.released[r], r)):
        moves = list(bench.moves.everywhere(state, r))
        if moves:
            state.apply(min(moves, key=lambda move: _rank(prep, move)))
    return published(bench, state, time.process_time() - began)


def _rank(prep: Prepared, move: Move) -> tuple[int, int, tuple[int, ...]]:
    """The nearest people, then the earliest hours."""
    ways = [prep.way_from_home(move.request, prep.owner[s]) for s in move.seats]
    return sum(ways), min(prep.start[s] for s in move.seats), move.seats
