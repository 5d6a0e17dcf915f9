"""What speaks for the people of a visit: codes with numbers, which the application puts into words."""

from __future__ import annotations

from bisect import bisect_left

from matching.engine.runs import Run
from matching.engine.state import State
from matching.format.plan import Why

# „Near“ is said of the nearest third of those who could come, „few visits“ up to so many before it that week.
NEAR_SHARE = 3
FEW = 1


def reasons_for(state: State, r: int) -> tuple[Why, ...]:
    """Codes for every person of the visit, in the order of the team."""
    return tuple(why for s in state.crew[r] for why in _for_person(state, r, s))


def _for_person(state: State, r: int, s: int) -> list[Why]:
    prep, v = state.prep, state.prep.owner[s]
    volunteer, request = prep.volunteers[v], prep.requests[r]
    name = volunteer.id
    result: list[Why] = []
    if not state.is_new(r, s):
        result.append({"code": "promised", "volunteer": name})
    if request.earlier == name:
        result.append({"code": "knows_person", "volunteer": name})
    if name in request.preferred:
        result.append({"code": "preferred", "volunteer": name})
    if request.skills and v in prep.skilled[r]:
        result.append({"code": "skilled", "volunteer": name, "count": len(prep.skilled[r])})
    result.extend(_near(state, r, v))
    result.extend(_on_the_way(state, r, s))
    before = prep.done[prep.slot[s]] + state.visits[prep.slot[s]] - 1
    if before <= FEW:
        result.append({"code": "few_visits", "volunteer": name, "done": before})
    for mate in state.crew[r]:
        if mate != s:
            other = prep.volunteers[prep.owner[mate]].id
            result.append({"code": "goes_with", "volunteer": name, "with": other})
    return result


def _near(state: State, r: int, v: int) -> list[Why]:
    prep = state.prep
    if prep.place[r] < 0:
        return []
    minutes = prep.way_from_home(r, v)
    ways = prep.ways_from_home(r, v in prep.skilled[r])
    closer = bisect_left(ways, minutes)
    if closer * NEAR_SHARE >= max(1, len(ways)):
        return []
    return [{"code": "near", "volunteer": prep.volunteers[v].id, "minutes": minutes, "closer": closer}]


def _on_the_way(state: State, r: int, s: int) -> list[Why]:
    """The neighbour in the run that is nearer to this visit than home is."""
    prep, run = state.prep, state.runs[s]
    place, table = prep.place[r], prep.rows[s]
    if place < 0:
        return []
    result: list[Why] = []
    name = prep.volunteers[prep.owner[s]].id
    for key, other in _neighbours(run, r):
        at = prep.place[other] if prep.place[other] >= 0 else prep.home[s]
        minutes = table[place][at] if key == "next_request" else table[at][place]
        if minutes < table[prep.home[s]][place]:
            code: Why = {
                "code": "on_the_way",
                "volunteer": name,
                key: prep.requests[other].id,
                "minutes": minutes,
            }
            result.append(code)
    return result[:1]


def _neighbours(run: Run, r: int) -> list[tuple[str, int]]:
    at = run.index(r)
    after = [("next_request", q) for q in run[at + 1 : at + 2]]
    return after + [("previous_request", q) for q in run[max(0, at - 1) : at]]
