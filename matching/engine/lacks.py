"""What one person lacks for a request, other new visits aside: codes with figures, nothing where they could come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matching.engine.prepare import Prepared
from matching.engine.runs import least_way
from matching.engine.state import State
from matching.format.plan import Why

# How hard a step is beside the others: whoever has to learn, or was refused, comes after whoever has to shift an
# hour. Units of time count besides, an hour as one.
HARD = {
    "costs": 0,
    "displaces": 1,
    "other_time": 2,
    "longer_way": 2,
    "more_travel": 2,
    "one_more_visit": 2,
    "more_hours": 3,
    "promised": 3,
    "second_person": 4,
    "certificate": 6,
    "language": 9,
    "blocked": 20,
}
_HOUR = 60


class Slot(NamedTuple):
    """The service may start from `first` to `last`, on `day`, or on any day where that is None."""

    first: int
    last: int
    day: int | None = None


def hardness(takes: Sequence[Why]) -> float:
    """The lower, the nearer to being able."""
    return sum(HARD[str(step["code"])] + int(step.get("minutes", 0)) / _HOUR for step in takes)


def slots_of(prep: Prepared, r: int) -> list[Slot]:
    """When the request may be served: its windows, or a promise's start."""
    fixed = prep.fixed[r]
    if fixed is not None:
        return [Slot(fixed, fixed, prep.day[prep.promised[r][0]])]
    long_enough = (window for window in prep.windows[r] if window[1] - window[0] >= prep.duration[r])
    return [Slot(opens, closes - prep.duration[r]) for opens, closes in long_enough]


def slots_with(prep: Prepared, r: int, v: int, takes: Sequence[Why]) -> list[Slot]:
    """When this person could serve the request, with what it takes: the time they would need, else all of theirs."""
    of_shift = {prep.shifts[s].id: s for s in prep.shifts_of[v]}
    for step in takes:
        if "start" in step:
            return [Slot(int(step["start"]), int(step["start"]), prep.day[of_shift[str(step["shift"])]])]
    found = []
    for s in _hosts(prep, r, v, None):
        first, last = _starts(prep, r, s)
        met = (Slot(max(first, slot.first), min(last, slot.last), prep.day[s]) for slot in slots_of(prep, r))
        found += [slot for slot in met if slot.first <= slot.last]
    return found


def lacks(prep: Prepared, base: State, r: int, v: int, slots: list[Slot], needs_skills: bool = True) -> list[Why]:
    """Steps until this person could serve the request in one of these slots, with the promises as they stand."""
    request, volunteer = prep.requests[r], prep.volunteers[v]
    takes: list[Why] = []
    if needs_skills:
        missing = sorted(request.skills - volunteer.skills)
        takes += [{"code": "certificate", "volunteer": volunteer.id, "skill": skill} for skill in missing]
    if not prep.speaks(r, v):
        takes.append({"code": "language", "volunteer": volunteer.id, "language": request.language})
    if not prep.welcome(r, v):
        takes.append({"code": "blocked", "volunteer": volunteer.id})
    if not prep.near(r, v):
        more = prep.way_from_home(r, v) - int(volunteer.max_leg or 0)
        takes.append({"code": "longer_way", "volunteer": volunteer.id, "minutes": more})
    day = slots[0].day if slots and prep.fixed[r] is not None else None
    options = [_in_shift(prep, base, r, s, slots) for s in _hosts(prep, r, v, day)]
    return takes + min(options, key=hardness, default=_whole_visit(prep, r, v))


def _hosts(prep: Prepared, r: int, v: int, day: int | None) -> list[int]:
    """Shifts that take new visits, not before the request's first day, or on that one day."""
    usable = (s for s in prep.shifts_of[v] if prep.usable[s])
    return [s for s in usable if (prep.day[s] >= prep.released[r] if day is None else prep.day[s] == day)]


def _in_shift(prep: Prepared, base: State, r: int, s: int, slots: list[Slot]) -> list[Why]:
    who: Why = {"volunteer": prep.volunteers[prep.owner[s]].id}
    where: Why = {**who, "shift": prep.shifts[s].id, "day": prep.day[s]}
    first, last = _starts(prep, r, s)
    takes: list[Why] = []
    if last < first:
        takes.append({"code": "more_hours", **where, "minutes": first - last})
        # Longer at either end: any start between is possible.
        first, last = last, first
    away, start = _nearest_start(prep, first, last, [slot for slot in slots if slot.day in (None, prep.day[s])])
    if away is None:
        return [*takes, _whole_visit(prep, r, prep.owner[s])[0]]
    if away:
        takes.append({"code": "other_time", **where, "start": start, "minutes": away})
    if base.visits[prep.slot[s]] >= prep.limit[prep.slot[s]]:
        takes.append({"code": "one_more_visit", **who, "week": prep.shifts[s].week})
    over = least_way(prep, s, prep.base_runs[s], r) - prep.most_travel[s]
    if over > 0:
        takes.append({"code": "more_travel", **where, "minutes": over})
    return takes


def _starts(prep: Prepared, r: int, s: int) -> tuple[int, int]:
    """The earliest and the latest start of the service in the empty shift; reversed where it is too short."""
    out, back = _way(prep, r, s)
    return prep.start[s] + out, prep.end[s] - back - prep.duration[r]


def _way(prep: Prepared, r: int, s: int) -> tuple[int, int]:
    at = prep.place[r] if prep.place[r] >= 0 else prep.home[s]
    leave = prep.leave[r] if prep.leave[r] >= 0 else at
    return prep.rows[s][prep.origin[s]][at], prep.rows[s][leave][prep.target[s]]


def _nearest_start(prep: Prepared, first: int, last: int, slots: list[Slot]) -> tuple[int | None, int]:
    """How far the nearest slot is from these starts, and the start that is so near; None where there is no slot."""
    best: tuple[int | None, int] = None, first
    for slot in slots:
        if slot.first > last:
            even = last // prep.step * prep.step
            start = even if even >= first else last
            away = slot.first - start
        elif slot.last < first:
            even = -(-first // prep.step) * prep.step
            start = even if even <= last else first
            away = start - slot.last
        else:
            return 0, max(first, slot.first)
        if best[0] is None or away < best[0]:
            best = away, start
    return best


def _whole_visit(prep: Prepared, r: int, v: int) -> list[Why]:
    """Somebody without hours for it needs as many as the visit takes with the way from home and back."""
    volunteer, table = prep.volunteers[v], prep.tables[prep.volunteers[v].mode]
    at = prep.place[r] if prep.place[r] >= 0 else volunteer.home
    leave = prep.leave[r] if prep.leave[r] >= 0 else at
    minutes = table[volunteer.home][at] + prep.duration[r] + table[leave][volunteer.home]
    return [{"code": "more_hours", "volunteer": volunteer.id, "minutes": minutes}]
