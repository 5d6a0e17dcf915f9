"""How a volunteer is asked: how pressing it is, from which minute, until when an answer is awaited, how often a day.

Only hours count in which that volunteer may be reached: nobody loses their turn while they sleep.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count

from core.clock import at, local_date
from notifications.hours import FreeDays, after_waking, first_minute, waking_time
from notifications.models import Contact
from notifications.states import MessageClass
from places.models import MunicipalityRules
from requests.models import HelpRequest, Offer
from requests.states import Urgency
from volunteers.models import Volunteer

# However near the visit is, there is so much time to read and answer.
LEAST = timedelta(minutes=15)
# A shorter wait than this is not interrupted by a reminder.
NUDGE_FROM = timedelta(minutes=40)


@dataclass(frozen=True)
class Wait:
    """When the volunteer is told, reminded (None: not at all), and until when an answer is awaited."""

    told_at: datetime
    half_at: datetime
    until: datetime
    reminds: bool


def class_of(help_request: HelpRequest) -> MessageClass:
    return MessageClass.URGENT if help_request.urgency == Urgency.TODAY else MessageClass.ORDINARY


def length_of(help_request: HelpRequest, rules: MunicipalityRules) -> timedelta:
    """How long an answer is awaited at the most, by urgency."""
    hours = {
        Urgency.TODAY: rules.urgent_offer_hours,
        Urgency.THREE_DAYS: rules.soon_offer_hours,
        Urgency.IN_TIME: rules.offer_hours,
    }[Urgency(help_request.urgency)]
    return timedelta(hours=hours)


def wait_of(
    contact: Contact, help_request: HelpRequest, *, start: datetime, rules: MunicipalityRules, now: datetime
) -> Wait | None:
    """The wait for one volunteer's answer; None where they cannot be reached before the visit.

    Half of the time they can be reached in before the visit keeps room for the next in line.
    """
    pressing = class_of(help_request)
    told_at = first_minute(contact, pressing, now)
    if told_at >= start:
        return None
    left = waking_time(contact, pressing, now, start)
    full = min(length_of(help_request, rules), max(left / 2, LEAST))
    half_at, until = (after_waking(contact, pressing, now, part) for part in (full / 2, full))
    until = min(until, start)
    return Wait(told_at, min(half_at, until), until, reminds=full >= NUDGE_FROM and half_at < until)


def may_be_asked_at(
    volunteer: Volunteer, message_class: str, *, asked_enough: bool, now: datetime, days: FreeDays | None = None
) -> datetime:
    """The first minute at which this volunteer may be asked something; tomorrow's where today's number is reached."""
    first = first_minute(volunteer.contact, message_class, now, days)
    if not asked_enough:
        return first
    next_day = at(local_date(first) + timedelta(days=1), time())
    return first_minute(volunteer.contact, message_class, next_day, days)


def most_a_day(volunteer: Volunteer, rules: MunicipalityRules) -> int:
    return rules.offers_a_day if volunteer.daily_offers is None else volunteer.daily_offers


def asked_on(day: date, volunteers: Iterable[UUID]) -> dict[UUID, int]:
    """Volunteer → how often they are asked on this local day; one query."""
    rows = Offer.objects.filter(asked_on=day, volunteer__in=list(volunteers)).order_by().values_list("volunteer")
    return dict(rows.annotate(number=Count("pk")))


def asked_enough(
    people: Iterable[Volunteer],
    help_request: HelpRequest,
    *,
    rules: MunicipalityRules,
    now: datetime,
    days: FreeDays | None = None,
) -> set[UUID]:
    """Who of these has been asked as often as they wish on the day they could be asked this."""
    told_on: dict[date, list[Volunteer]] = {}
    for person in people:
        first = first_minute(person.contact, class_of(help_request), now, days)
        told_on.setdefault(local_date(first), []).append(person)
    enough: set[UUID] = set()
    for day, asked in told_on.items():
        counts = asked_on(day, (person.pk for person in asked))
        enough |= {person.pk for person in asked if counts.get(person.pk, 0) >= most_a_day(person, rules)}
    return enough
