"""A choice by hand and the road: does the way from and to the visits beside it fit, and is it as long as they wish.

The coordinator is told and decides: they may know of a lift or a shortcut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import day_bounds, local_date
from places import osrm
from places.models import Settlement
from places.travel import ASSUMED
from requests.models import HelpRequest, VisitSeat
from requests.states import VISIT_LIVE, Mode
from volunteers.models import Volunteer


@dataclass(frozen=True)
class TightWay:
    """`code`: `from`, `to` (the visit beside it at `place`), or `long` (from home); whole minutes."""

    person: Volunteer
    code: str
    place: Settlement
    minutes: int
    have: int


def tight(help_request: HelpRequest, people: Iterable[Volunteer], start: datetime, end: datetime) -> list[TightWay]:
    """What does not fit for these people (with `home`) at this hour. One query a person."""
    return [told for person in people for told in _of(person, help_request, start, end)]


def _of(person: Volunteer, help_request: HelpRequest, start: datetime, end: datetime) -> list[TightWay]:
    first, last = ends(help_request)
    if first is None or last is None:
        return []
    before, after = _beside(person, help_request, start, end)
    found: list[TightWay] = []
    ways = [minutes(person.home, first, person)]
    if before is not None and (place := ends(before.visit.help_request)[1]) is not None:
        way, have = minutes(place, first, person), _whole(start - before.end)
        ways.append(way)
        if way is not None and way > have:
            found.append(TightWay(person, "from", place, way, have))
    if after is not None and (place := ends(after.visit.help_request)[0]) is not None:
        way, have = minutes(last, place, person), _whole(after.start - end)
        if way is not None and way > have:
            found.append(TightWay(person, "to", place, way, have))
    # Who is already on the road comes from there, if that is nearer than home.
    known = [way for way in ways if way is not None]
    if known and min(known) > person.longest_leg:
        found.append(TightWay(person, "long", person.home, min(known), person.longest_leg))
    return found


def _beside(
    person: Volunteer, help_request: HelpRequest, start: datetime, end: datetime
) -> tuple[VisitSeat | None, VisitSeat | None]:
    """Their visits of that day that come just before and just after."""
    begin, over = day_bounds(local_date(start))
    rows = VisitSeat.objects.filter(
        volunteer=person, live=True, visit__state__in=VISIT_LIVE, start__lt=over, end__gt=begin
    ).exclude(visit__help_request=help_request)
    seats = list(
        rows.select_related(
            "visit__help_request__resident__settlement",
            "visit__help_request__help_point__settlement",
            "visit__help_request__escort_to",
        ).order_by("start")
    )
    before = [seat for seat in seats if seat.end <= start]
    after = [seat for seat in seats if seat.start >= end]
    return (before[-1] if before else None), (after[0] if after else None)


def ends(help_request: HelpRequest) -> tuple[Settlement | None, Settlement | None]:
    """Where it begins and where it ends; nowhere for help by phone."""
    if help_request.mode == Mode.PHONE_HELP:
        return None, None
    point = help_request.help_point if help_request.mode == Mode.HELP_POINT else None
    first = point.settlement if point else help_request.resident.settlement
    escorted = help_request.escort_to if help_request.mode == Mode.ESCORT else None
    return first, escorted or first


def minutes(here: Settlement, there: Settlement, person: Volunteer) -> int | None:
    """None where a place has no coordinates; between two addresses of one village as everywhere."""
    if here.point is None or there.point is None:
        return None
    if here.point == there.point:
        return ASSUMED.same_place_minutes
    return osrm.matrix([here.point, there.point], person.transport)[0][1]


def _whole(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
