"""What of an older plan still fits: minutes have passed since its snapshot, and people went on living.

Offers refuse a seat that is taken and a person who is busy. They do not know of hours that were changed or of other
offers, which in a moment's time matter little; so the rows are read once more and compared.
"""

from __future__ import annotations

from typing import Any

from planning.models import PlanRound
from planning.services import snapshot

Json = dict[str, Any]
# What may differ and the visit still fits, or what is compared in its own way.
OF_VOLUNTEER = frozenset({"home", "shifts", "done", "wish_per_week"})
OF_REQUEST = frozenset({"place", "end_place", "windows", "prize", "blocked", "preferred", "earlier", "released_day"})


class _Known:
    """One problem by id."""

    def __init__(self, problem: Json) -> None:
        self.points = problem["places"]["lat_lon"]
        self.requests = {row["id"]: row for row in problem["requests"]}
        self.volunteers = {row["id"]: row for row in problem["volunteers"]}
        self.shifts = {shift["id"]: shift for row in problem["volunteers"] for shift in row["shifts"]}
        self.promises = {row["request"]: row for row in problem.get("promises", [])}
        self.held: dict[str, set[tuple[str, int]]] = {}
        for row in self.promises.values():
            self.hold(row)

    def hold(self, row: Json) -> None:
        """Note a promise or a visit with everybody in it."""
        for person in row["volunteers"]:
            self.held.setdefault(person, set()).add((row["request"], row["start"]))

    def point(self, place: int | None) -> list[float] | None:
        return None if place is None else self.points[place]


def still_fits(plan_round: PlanRound) -> set[str]:
    """The requests of the plan whose visits fit what the rows say now.

    They are read as of the minute the round began, so that only what people changed differs, not the clock.
    """
    taken = snapshot.take(plan_round.municipality, now=plan_round.started_at)
    before, after = _Known(plan_round.problem), _Known(taken.problem)
    visits = (plan_round.plan or {})["visits"]
    for visit in visits:
        # Offered by this very plan, before whoever offered it died.
        before.hold(visit)
    return {visit["request"] for visit in visits if _fits(visit, before, after)}


def _fits(visit: Json, before: _Known, after: _Known) -> bool:
    old, new = before.requests[visit["request"]], after.requests.get(visit["request"])
    if new is None or not _same_request(old, new, before, after):
        return False
    promise = before.promises.get(visit["request"])
    end = visit["start"] + new["duration"]
    if promise is None:
        if not any(first <= visit["start"] and end <= last for first, last in new["windows"]):
            return False
    elif after.promises.get(visit["request"], {}).get("start") != promise["start"]:
        return False
    standing = set(promise["volunteers"]) if promise else set()
    return all(
        _is_free(person, shift, before, after) and person not in new["blocked"]
        for person, shift in zip(visit["volunteers"], visit["shifts"], strict=True)
        if person not in standing
    )


def _same_request(old: Json, new: Json, before: _Known, after: _Known) -> bool:
    places = all(before.point(old.get(key)) == after.point(new.get(key)) for key in ("place", "end_place"))
    return places and _besides(old, OF_REQUEST) == _besides(new, OF_REQUEST)


def _is_free(person: str, shift: str, before: _Known, after: _Known) -> bool:
    """Lives there, comes by the same means, still has these hours, and was promised to nobody else."""
    old, new = before.volunteers[person], after.volunteers.get(person)
    if new is None or before.point(old["home"]) != after.point(new["home"]):
        return False
    if _besides(old, OF_VOLUNTEER) != _besides(new, OF_VOLUNTEER):
        return False
    was, now = before.shifts[shift], after.shifts.get(shift)
    if now is None or now.get("closed") or now["end"] < was["end"]:
        return False
    return after.held.get(person, set()) <= before.held.get(person, set())


def _besides(row: Json, keys: frozenset[str]) -> Json:
    return {key: value for key, value in row.items() if key not in keys}
