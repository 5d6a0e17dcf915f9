"""What would help, with everything its sentences need, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import Membership
from catalogue.models import ServiceGroup
from places.models import Settlement
from planning.models import PlanAdvice
from requests.selectors.access import visible_requests
from requests.states import RequestState
from volunteers.models import Volunteer
from volunteers.states import VolunteerStatus

Json = dict[str, Any]


@dataclass(frozen=True)
class Help:
    """`kind` as the planner says it; `more` requests would be served. `start` and `end` are None for a training."""

    kind: str
    more: int
    groups: tuple[ServiceGroup, ...]
    languages: tuple[str, ...]
    near: Settlement | None
    volunteer: Volunteer | None
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Helps:
    """`waits`: somebody asked and the answer is not there yet."""

    rows: list[Help] = field(default_factory=list)
    until: date | None = None
    made_at: datetime | None = None
    waits: bool = False


def helps(membership: Membership, now: datetime) -> Helps | None:
    """What is still true of the last advice: its requests are open, its people help, its hours are to come.

    None where there never was any. Requests this desk may not see are not counted.
    """
    row = PlanAdvice.objects.filter(municipality=membership.municipality_id).first()
    if row is None:
        return None
    asked = {pk for entry in row.found for pk in entry["requests"]}
    still = _still_open(membership, asked)
    found = [entry for entry in row.found if len(still & set(entry["requests"])) >= entry["more_served"]]
    groups = {group.pk: group for group in ServiceGroup.objects.filter(pk__in=_all(found, "skills"))}
    people = {str(person.pk): person for person in _people(membership, found)}
    places = {place.pk: place for place in Settlement.objects.filter(pk__in=[e["near"] for e in found if e["near"]])}
    told = [_help(entry, groups, people, places) for entry in found]
    rows = [one for one in told if _holds(one, now) and (one.kind == "new_volunteer" or one.volunteer is not None)]
    return Helps(rows, row.until, row.made_at, row.waits)


def _still_open(membership: Membership, asked: set[str]) -> set[str]:
    states = [RequestState.OPEN, RequestState.PARTLY_STAFFED]
    rows = visible_requests(membership).filter(pk__in=asked, state__in=states).select_related(None)
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def _people(membership: Membership, found: list[Json]) -> list[Volunteer]:
    wanted = [entry["volunteer"] for entry in found if entry["volunteer"]]
    return list(
        Volunteer.objects.filter(
            municipality=membership.municipality_id, pk__in=wanted, status=VolunteerStatus.ACTIVE
        ).select_related("contact")
    )


def _all(found: list[Json], key: str) -> set[str]:
    return {one for entry in found for one in entry[key]}


def _help(
    entry: Json, groups: dict[str, ServiceGroup], people: dict[str, Volunteer], places: dict[str, Settlement]
) -> Help:  # fmt: skip
    start, end = (None if text is None else datetime.fromisoformat(text) for text in (entry["start"], entry["end"]))
    return Help(
        kind=entry["kind"],
        more=entry["more_served"],
        groups=tuple(groups[code] for code in entry["skills"] if code in groups),
        languages=tuple(entry["languages"]),
        near=places.get(entry["near"]),
        volunteer=people.get(entry["volunteer"]),
        start=start,
        end=end,
    )


def _holds(one: Help, now: datetime) -> bool:
    return one.start is None or one.start > now
