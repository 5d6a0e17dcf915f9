"""Of requests that differ in nothing but their age, the older is served, and served first.

Such two can change places in any plan: both runs stay as they are, minute for minute. The objective often cannot tell
them apart (waiting is charged by the day, to both alike), so a plan that is as good as any may still pass an older by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable

from matching.engine.prepare import Prepared
from matching.engine.publish import starts
from matching.engine.state import State


def elders_first(state: State) -> State:
    """The same plan with equals in order of age; its total is never lower."""
    orders = _new_order(state)
    return _exchanged(state, orders) if orders else state


def _new_order(state: State) -> dict[int, int]:
    """Request → the request whose seat it takes, for those that change."""
    prep, changes = state.prep, dict[int, int]()
    begin, where = starts(state), _where(prep)
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for r in range(len(prep.requests)):
        if prep.fixed[r] is None:
            groups[where[r], _alike(prep, r)].append(r)
    for group in groups.values():
        group.sort(key=lambda r: (prep.released[r], r))
        seated = _who_sits(state, group)
        seats = sorted((r for r in group if state.crew[r]), key=lambda r: begin[r])
        changes.update({r: seat for r, seat in zip(seated, seats, strict=True) if r != seat})
    return changes


def _alike(prep: Prepared, r: int) -> Hashable:
    """Everything but the place that decides where a request may sit and what that is worth, its age and prize aside."""
    one = prep.requests[r]
    what = (one.kind, one.end_place, one.language, one.skills, one.team, one.duration, prep.windows[r])
    return (*what, one.preferred, one.blocked, one.earlier, one.priority, prep.told.get(r))


def _where(prep: Prepared) -> list[Hashable]:
    """By request: its place. Neighbours with the same coordinates are as far from everything, and from each other."""
    points = prep.problem.xy_km or prep.problem.lat_lon
    used = Counter(place for r in prep.requests for place in (r.place, r.end_place))
    used.update(prep.home + prep.origin + prep.target)
    # Of two requests at one index, the way between them is 0: that cannot be exchanged with a neighbour's.
    return [
        ("point", *points[r.place]) if points and r.place is not None and used[r.place] == 1 else ("index", r.place)
        for r in prep.requests
    ]


def _who_sits(state: State, group: list[int]) -> list[int]:
    """As many of the group as sit now, an older in place of a younger that is worth no more; by age."""
    prep = state.prep
    sits = {r for r in group if state.crew[r]}
    for at, elder in enumerate(group):
        if elder in sits:
            continue
        younger = next((r for r in reversed(group[at:]) if r in sits and prep.prize[r] <= prep.prize[elder]), None)
        if younger is not None:
            sits.remove(younger)
            sits.add(elder)
    return [r for r in group if r in sits]


def _exchanged(state: State, takes: dict[int, int]) -> State:
    prep, twin = state.prep, state.copy()
    now_at = {seat: r for r, seat in takes.items()}
    for r in {*takes, *takes.values()}:
        twin.total -= prep.worth(r, state.crew[r])
        twin.crew[r] = state.crew[takes[r]] if r in takes else ()
        twin.total += prep.worth(r, twin.crew[r])
    twin.runs = [tuple(now_at.get(r, r) for r in run) for run in state.runs]
    return twin
