"""Who could come instead: ranked people for one request in a standing plan, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass

from matching.engine.load import load_state
from matching.engine.moves import Moves
from matching.engine.options import Options
from matching.engine.prepare import Prepared
from matching.engine.reasons import Reasons
from matching.engine.state import ALONE, Move, State
from matching.engine.timetable import timetable
from matching.engine.why import reasons_for
from matching.format import Plan, Problem
from matching.format.plan import Why

__all__ = ["Candidate", "rank"]

BUSY = "taken_by_others"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who could fill the open seats. Where `why_not` is set, nobody can take this seat and the rest is empty.

    `volunteers` are the new people only, `shifts[i]` belongs to `volunteers[i]`; `start` in units of time;
    `gain` is the change of the plan's total; `travel` the minutes added for all of them.
    `why_not`: `nobody_certified`, `nobody_speaks`, `all_blocked`, `too_far`, `no_common_hours`,
    `limits_reached` and `no_pair` as in `unserved`, or `taken_by_others`: other visits stand in the way.
    """

    volunteers: tuple[str, ...]
    shifts: tuple[str, ...] = ()
    start: int | None = None
    gain: int | None = None
    travel: int | None = None
    why: tuple[Why, ...] = ()
    why_not: str | None = None


def rank(problem: Problem, plan: Plan, request_id: str) -> list[Candidate]:
    """Candidates for the open seats of a request, best first, then those who cannot come, in file order.

    A visit that the plan already gives the request (and that no promise holds) is taken as not made. A fully
    promised request has no open seat and so no candidates. For a team, each two people come once, with their
    best shifts. Raises KeyError for an unknown request; the plan must be legal.
    """
    prep = Prepared(problem)
    r = {request.id: index for index, request in enumerate(prep.requests)}[request_id]
    moves = Moves(prep)
    state = load_state(prep, plan, without=request_id)
    if state.full(r):
        return []
    found: dict[tuple[int, ...], Move] = {}
    for move in sorted(moves.everywhere(state, r), key=lambda m: (-m.gain, m.seats)):
        people = tuple(prep.owner[s] for s in move.seats)
        # One person may come on several days; for pairs that would be too long a list.
        found.setdefault(move.seats if len(people) == 1 else tuple(sorted(people)), move)
    able = {prep.owner[s] for move in found.values() for s in move.seats}
    rest = [v for v in range(len(prep.volunteers)) if v not in able and v not in _there(prep, r)]
    fits = [_candidate(state, move) for move in found.values()]
    return fits + _unable(moves, state, r, rest)


def _there(prep: Prepared, r: int) -> set[int]:
    return {prep.owner[s] for s in prep.promised[r]}


def _candidate(state: State, move: Move) -> Candidate:
    prep, after = state.prep, state.copy()
    after.apply(move)
    seats = move.seats
    members = seats if after.mate[seats[0]] != ALONE else seats[:1]
    run = after.runs[seats[0]]
    return Candidate(
        volunteers=tuple(prep.volunteers[prep.owner[s]].id for s in seats),
        shifts=tuple(prep.shifts[s].id for s in seats),
        start=timetable(prep, members, run, {})[run.index(move.request)],
        gain=move.gain,
        travel=sum(after.way[s] - state.way[s] for s in seats),
        why=tuple(why for why in reasons_for(after, move.request) if why["volunteer"] in _names(prep, seats)),
    )


def _names(prep: Prepared, seats: tuple[int, ...]) -> set[str]:
    return {prep.volunteers[prep.owner[s]].id for s in seats}


def _unable(moves: Moves, state: State, r: int, people: list[int]) -> list[Candidate]:
    prep, reasons = moves.prep, Reasons(moves, state, State(moves.prep))
    return [Candidate((prep.volunteers[v].id,), why_not=_why_not(moves.options, reasons, r, v)) for v in people]


def _why_not(options: Options, reasons: Reasons, r: int, v: int) -> str:
    """The first filter that this person does not pass."""
    prep = options.prep
    if v not in prep.skilled[r] and not options.is_pair(r) and not _there(prep, r) & prep.skilled[r]:
        return "nobody_certified"
    code = reasons.first_filter(r, v)
    if code is not None:
        return code
    if options.is_pair(r) and v not in reasons.pairs(r, prep.skilled[r]):
        return "no_pair"
    return BUSY
