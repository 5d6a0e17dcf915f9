"""An upper bound that needs no search: every request at its best, as if nobody else asked."""

from __future__ import annotations

from matching.engine.moves import Moves
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
            cheapest = {s: _fair(base, s) for s in options.members(r)}
            taking.update(cheapest)
            for s, t, value in options.all_pairs(r):
                best = max(best, value + cheapest[s] + cheapest[t])
        else:
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
