"""Who is nearest to be able to take a request that the last plan leaves out, and what it would take of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from catalogue.models import ServiceGroup
from core.clock import local_date
from places.models import Municipality
from planning.models import PlanRound
from requests.models import HelpRequest
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Step:
    """`code` as in the plan format, with what it names looked up; `who` where it is about one of them."""

    code: str
    who: Volunteer | None = None
    minutes: int = 0
    points: int = 0
    start: datetime | None = None
    day: date | None = None
    language: str = ""
    group: ServiceGroup | None = None
    number: str = ""


@dataclass(frozen=True)
class Near:
    people: tuple[Volunteer, ...]
    steps: tuple[Step, ...]


def nearest(municipality: Municipality, rows: Iterable[HelpRequest]) -> dict[UUID, list[Near]]:
    """By request, the easiest first, where the newest plan leaves it out for the reason that stands on its row.

    A constant number of queries. Whoever has left since, or is none of ours, is left out with their entry.
    """
    wanted = {str(row.pk): row for row in rows}
    made = PlanRound.objects.filter(municipality=municipality, plan__isnull=False).defer("problem")
    plan_round = made.order_by("-started_at").first()
    if plan_round is None or not wanted:
        return {}
    entries = [
        entry
        for entry in (plan_round.plan or {}).get("unserved", [])
        if entry["request"] in wanted and wanted[entry["request"]].unserved_reason == entry["reason"]
    ]
    known = _Known(municipality, plan_round, entries)
    return {wanted[entry["request"]].pk: known.all_of(entry) for entry in entries}


class _Known:
    """What the entries name, by id."""

    def __init__(self, municipality: Municipality, plan_round: PlanRound, entries: list[dict[str, Any]]) -> None:
        nearest = [one for entry in entries for one in entry.get("nearest", [])]
        steps = [step for one in nearest for step in one["takes"]]
        people = {person for one in nearest for person in one["volunteers"]}
        of_ours = {"municipality": municipality}
        self.people = {str(row.pk): row for row in Volunteer.objects.filter(**of_ours, pk__in=people)}
        asked = {step["request"] for step in steps if "request" in step}
        self.numbers = dict(HelpRequest.objects.filter(**of_ours, pk__in=asked).values_list("pk", "number"))
        self.groups = ServiceGroup.objects.in_bulk({step["skill"] for step in steps if "skill" in step})
        self.origin = plan_round.origin

    def all_of(self, entry: dict[str, Any]) -> list[Near]:
        return [
            Near(
                tuple(self.people[person] for person in one["volunteers"]),
                tuple(self._step(step) for step in one["takes"]),
            )
            for one in entry.get("nearest", [])
            if set(one["volunteers"]) <= self.people.keys()
        ]

    def _step(self, step: dict[str, Any]) -> Step:
        start, day = step.get("start"), step.get("day")
        return Step(
            code=step["code"],
            who=self.people.get(step.get("volunteer", "")),
            minutes=step.get("minutes", 0),
            points=step.get("points", 0),
            start=None if start is None else self.origin + timedelta(minutes=start),
            day=None if day is None else local_date(self.origin) + timedelta(days=day),
            language=step.get("language", ""),
            group=self.groups.get(step.get("skill", "")),
            number=str(self.numbers.get(UUID(step["request"]), "")) if "request" in step else "",
        )
