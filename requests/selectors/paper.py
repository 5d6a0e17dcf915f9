"""What is put on paper: the day of one settlement, and letters that are handed over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Membership
from core.clock import day_bounds, local_date
from notifications.models import Message
from notifications.states import Channel
from places.models import Settlement
from requests.models import HelpRequest, Visit, VisitSeat
from requests.selectors.access import opened, visible_requests
from requests.selectors.told import requests_told
from requests.states import Mode, VisitState

NOT_MADE = (VisitState.CANCELLED, VisitState.NO_SHOW)


@dataclass(frozen=True)
class DayOf:
    """How many visits one settlement has on one day."""

    day: date
    place: Settlement
    visits: int


def days_ahead(membership: Membership, first: date, days: int) -> list[DayOf]:
    """The days and settlements that have visits, in order; two queries."""
    rows = _visits(membership, first, days).values_list(
        "start", "help_request__help_point__settlement_id", "help_request__resident__settlement_id"
    )
    counted = Counter((local_date(start), point or home) for start, point, home in rows)
    places = Settlement.objects.in_bulk({place for _day, place in counted})
    found = [DayOf(day, places[place], number) for (day, place), number in counted.items()]
    return sorted(found, key=lambda one: (one.day, one.place.name))


def access_place(membership: Membership, ekatte: str) -> Settlement:
    """A settlement whose day this reader may print. Raises Http404."""
    narrowed = [settlement.pk for settlement in membership.settlements.all()]
    rows = Settlement.objects.filter(municipality_id=membership.municipality_id)
    return get_object_or_404(rows.filter(pk__in=narrowed) if narrowed else rows, pk=ekatte)


def run_of(membership: Membership, place: Settlement, day: date) -> list[Visit]:
    """The visits there on that day, in order, with their people."""
    seats = Prefetch("seats", VisitSeat.objects.filter(live=True).select_related("volunteer"))
    rows = _visits(membership, day, 1).select_related(
        "help_request__resident__settlement", "help_request__help_point__settlement", "help_request__escort_to"
    )
    found = [row for row in rows.prefetch_related(seats).order_by("start") if place_of(row.help_request) == place]
    for visit in found:
        opened(visit.help_request)
    return found


def place_of(help_request: HelpRequest) -> Settlement:
    point = help_request.help_point if help_request.mode == Mode.HELP_POINT else None
    return (point or help_request.resident).settlement


def short_name(help_request: HelpRequest) -> str:
    """„Мария П.“: enough to know who is meant, for a sheet that lies on a table."""
    resident = help_request.resident
    return f"{resident.first_name} {resident.last_name[:1]}.".strip()


def access_letter(membership: Membership, pk: UUID) -> tuple[Message, HelpRequest]:
    """A message that goes on paper, with the request it tells about. Raises Http404."""
    rows = Message.objects.filter(municipality_id=membership.municipality_id, channel=Channel.PAPER)
    message = rows.select_related("contact").filter(pk=pk).first()
    help_request = requests_told(membership, [message]).get(message.pk) if message else None
    if message is None or help_request is None:
        raise Http404
    return message, opened(help_request)


def _visits(membership: Membership, first: date, days: int) -> QuerySet[Visit]:
    start, _end = day_bounds(first)
    _start, end = day_bounds(first + timedelta(days=days - 1))
    # To whom somebody only telephones nobody comes.
    mine = visible_requests(membership).select_related(None).exclude(mode=Mode.PHONE_HELP).values("pk")
    return Visit.objects.filter(help_request__in=mine, start__gte=start, start__lt=end).exclude(state__in=NOT_MADE)
