"""An upper bound that needs no search: every request at its best, as if nobody else asked."""

from __future__ import annotations

from collections import defaultdict

from matching.engine.moves import Moves
from matching.engine.prepare import ENDLESS
from matching.engine.state import State


def upper_bound(moves: Moves, base: State) -> int:
    """No legal plan is worth more. `base` holds the promises alone.

    Fairness is convex, so a visit costs at least the next one of its week; a new visit may shorten the way of
    the promises (no triangle inequality), so that way is counted only where nothing new can come.
    """
    prep, options = moves.prep, moves.options
    bound = base.total
    taking: set[int] = set()
    newcomers: set[int] = set()
    for r in range(len(prep.requests)):
        best = 0
        if options.is_pair(r):
            taking.update(options.members(r))
            best = max(0, _best_team(moves, base, r))
        for s, value in options.single[r]:
            taking.add(s)
            best = max(best, value + _fair(base, s))
        bound += best
    for s in taking:
        bound += prep.weights.travel * base.way[s]
        v = prep.owner[s]
        if prep.volunteers[v].idle and base.trips[v] == 0:
            newcomers.add(v)
    return bound + prep.weights.first_visit * len(newcomers)


def _fair(base: State, s: int) -> int:
    slot = base.prep.slot[s]
    return -base.prep.kth_cost(slot, base.visits[slot])


def _best_team(moves: Moves, base: State, r: int) -> int:
    """The best two people of the best day, whether or not they fit together; scarcity is left out."""
    prep, request = moves.prep, moves.prep.requests[r]
    days: dict[int, dict[int, int]] = defaultdict(dict)
    for s in moves.options.members(r):
        v, people = prep.owner[s], days[prep.day[s]]
        liked = prep.weights.preferred if prep.volunteers[v].id in request.preferred else 0
        people[v] = max(people.get(v, -ENDLESS), liked + _fair(base, s))
    best = 0
    for day, people in days.items():
        if len(people) < 2 or not people.keys() & prep.skilled[r]:
            continue
        points = request.prize - prep.weights.day_waited * max(0, day - request.released_day)
        if any(prep.volunteers[v].id == request.earlier for v in people):
            points += prep.weights.continuity
        if r in prep.told and prep.told[r][1] == day:
            points += prep.weights.stability
        best = max(best, points + sum(sorted(people.values())[-2:]))
    return best
