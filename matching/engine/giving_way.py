"""What stands in the way of somebody who could come: which visits would have to give way, and what the plan loses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matching.engine.moves import Moves
from matching.engine.prepare import Prepared
from matching.engine.runs import ride_together
from matching.engine.state import ALONE, Move, State
from matching.format.plan import Why

# Of one person so many ways are tried, of pairs so many: of the nearest people.
MOST_TRIED, PAIRS = 8, 6

People = tuple[int, ...]


def at_a_loss(moves: Moves, state: State, r: int) -> Iterator[tuple[People, list[Why]]]:
    """Who fits as things are, each once, and what the plan would lose by it."""
    best: dict[People, int] = {}
    for move in moves.everywhere(state, r):
        people = tuple(state.prep.owner[s] for s in move.seats)
        best[people] = max(move.gain, best.get(people, move.gain))
    for people, gain in best.items():
        yield people, [_costs(-gain)]


def in_the_way(moves: Moves, state: State, r: int, v: int) -> list[Why]:
    """The visit whose place somebody could take at the least loss; else the promises that hold their hours."""
    prep = state.prep
    shifts = [s for s, _ in moves.options.single[r] if prep.owner[s] == v]
    best: tuple[int, list[int]] | None = None
    tried = 0
    for s in shifts:
        for gone in _may_give_way(state, s):
            tried += 1
            if tried > MOST_TRIED:
                break
            trial = state.copy()
            trial.remove(gone)
            move = moves.into(trial, r, s)
            if move is None:
                continue
            loss = state.total - trial.total - move.gain
            if best is None or loss < best[0]:
                best = loss, _left_out(state, trial, s)
    if best is not None:
        return _giving_way(prep, *best)
    held = dict.fromkeys(q for s in shifts for q in prep.base_runs[s])
    name = prep.volunteers[v].id
    return [{"code": "promised", "volunteer": name, "request": prep.requests[q].id} for q in list(held)[:1]]


def pair_in_the_way(moves: Moves, state: State, r: int) -> Iterator[tuple[People, list[Why]]]:
    """Pairs that could go together if the other visits of their two shifts gave way, each two people once."""
    prep, seen = state.prep, set[frozenset[int]]()
    for s, t, _ in moves.options.near_pairs(r):
        people = frozenset((prep.owner[s], prep.owner[t]))
        if people in seen or prep.base_runs[s] or prep.base_runs[t] or ride_together(prep, s, t, (r,)) is None:
            continue
        trial = state.copy()
        for q in (*state.runs[s], *state.runs[t]):
            if trial.new_seats(q):
                trial.remove(q)
        if any(trial.visits[prep.slot[one]] >= prep.limit[prep.slot[one]] for one in (s, t)):
            continue
        seen.add(people)
        gone = _left_out(state, trial, s, t)
        trial.apply(Move(0, r, (s, t), 0))
        yield (prep.owner[s], prep.owner[t]), _giving_way(prep, state.total - trial.total, gone)
        if len(seen) == PAIRS:
            return


def _may_give_way(state: State, s: int) -> list[int]:
    """New visits of this shift, then those of the same week, of which there may be too many."""
    prep = state.prep
    same_week = [t for t in prep.shifts_of[prep.owner[s]] if prep.slot[t] == prep.slot[s] and t != s]
    full = state.visits[prep.slot[s]] >= prep.limit[prep.slot[s]]
    runs = [*state.runs[s], *(q for t in same_week if full for q in state.runs[t])]
    return [q for q in runs if state.new_seats(q)]


def _left_out(state: State, trial: State, *shifts: int) -> list[int]:
    """Who is served no more: a run may not fit without one of its visits."""
    prep = state.prep
    week = {t for s in shifts for t in prep.shifts_of[prep.owner[s]] if prep.slot[t] == prep.slot[s]}
    seen = {q for t in week | {state.mate[t] for t in week} - {ALONE} for q in state.runs[t]}
    return sorted(q for q in seen if len(trial.crew[q]) < len(state.crew[q]))


def _giving_way(prep: Prepared, loss: int, gone: Iterable[int]) -> list[Why]:
    takes: list[Why] = [{"code": "displaces", "request": prep.requests[q].id} for q in gone]
    return [*takes, _costs(loss)] if loss > 0 else takes


def _costs(points: int) -> Why:
    return {"code": "costs", "points": points}
