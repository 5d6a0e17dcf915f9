"""The last plan in the minutes and shifts of a new snapshot, so that the next round begins where it ended.

What nobody was told of yet would else be thrown anew at every round. Whether it is still legal, the solver finds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from planning.models import PlanRound
from planning.services.snapshot import Snapshot

Json = dict[str, Any]


def plan_for(last: PlanRound | None, taken: Snapshot) -> Json | None:
    """The last round's plan with its visits as they would be now; None where none of them can be."""
    if last is None or last.plan is None:
        return None
    ahead = int((last.origin - taken.origin).total_seconds() // 60)
    visits = list(_Moved(taken.problem, ahead).visits(last.plan.get("visits", [])))
    return {**last.plan, "visits": visits} if visits else None


class _Moved:
    """Finds for each visit the shifts that hold it now: their ids tell when they begin, which changes by the minute."""

    def __init__(self, problem: Json, ahead: int) -> None:
        self.ahead = ahead
        self.length = {row["id"]: int(row["duration"]) for row in problem["requests"]}
        self.promises = {row["request"]: row for row in problem.get("promises", [])}
        self.open: dict[str, list[Json]] = defaultdict(list)
        for row in problem["volunteers"]:
            self.open[row["id"]] = [shift for shift in row["shifts"] if not shift.get("closed")]

    def visits(self, old: list[Json]) -> list[Json]:
        return [new for visit in old if (new := self._visit(visit)) is not None]

    def _visit(self, visit: Json) -> Json | None:
        request, start = visit["request"], visit["start"] + self.ahead
        if request not in self.length:
            return None
        promise = self.promises.get(request, {"volunteers": [], "shifts": []})
        shifts = dict(zip(promise["volunteers"], promise["shifts"], strict=True))
        for person in visit["volunteers"]:
            shift = shifts.get(person) or self._shift(person, start, start + self.length[request])
            if shift is None:
                return None
            shifts[person] = shift
        return {"request": request, "volunteers": list(shifts), "shifts": list(shifts.values()), "start": start}

    def _shift(self, person: str, start: int, end: int) -> str | None:
        found = (shift for shift in self.open[person] if shift["start"] <= start and end <= shift["end"])
        return next((str(shift["id"]) for shift in found), None)
