"""When someone may be contacted: quiet hours, Sundays and holidays, by the class of the message.

Codes and safety know no quiet hours, and urgent messages none where the person agreed to that. On Sundays and
holidays only these and urgent messages go out. Hours are local, right across both clock changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from core.clock import at, local_date
from notifications.models import Contact
from notifications.states import MessageClass
from places.selectors import free_days

# How far a first minute is looked for: longer than any run of holidays.
LOOK_AHEAD_DAYS = 21
ONE_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class FreeDays:
    """The holidays of one municipality, read once for as many days as anybody asks."""

    municipality_id: str
    _known: dict[int, set[date]] = field(default_factory=dict)

    def is_free(self, day: date) -> bool:
        if day.weekday() == 6:
            return True
        if day.year not in self._known:
            year = (date(day.year, 1, 1), date(day.year, 12, 31))
            self._known[day.year] = free_days(self.municipality_id, *year)
        return day in self._known[day.year]


def first_minute(contact: Contact, message_class: str, moment: datetime, days: FreeDays | None = None) -> datetime:
    """The first instant from `moment` on at which this contact may be told something of this class."""
    if _any_time(contact, message_class):
        return moment
    for opens, closes in _waking(contact, message_class, local_date(moment), 1, days):
        if moment < closes:
            return max(moment, opens)
    return moment


def last_minute(contact: Contact, message_class: str, moment: datetime, days: FreeDays | None = None) -> datetime:
    """The last instant up to `moment` at which this contact may be told something of this class."""
    if _any_time(contact, message_class):
        return moment
    for opens, closes in _waking(contact, message_class, local_date(moment), -1, days):
        if opens <= moment:
            return min(moment, closes - ONE_MINUTE)
    return moment


def when_to_tell(
    contact: Contact,
    message_class: str,
    due_at: datetime,
    *,
    now: datetime,
    early: bool = False,
    expires_at: datetime | None = None,
    days: FreeDays | None = None,
) -> datetime:
    """When a message due at `due_at` is told; `early` rather before quiet hours than after them.

    A cancellation that would come too late for a Sunday's or a holiday's sake goes out on that day.
    """
    if early and (before := last_minute(contact, message_class, max(due_at, now), days)) >= now:
        return before
    after = first_minute(contact, message_class, max(due_at, now), days)
    if message_class == MessageClass.CANCELLATION and expires_at is not None and after >= expires_at:
        return first_minute(contact, MessageClass.URGENT, max(due_at, now), days)
    return after


def after_waking(contact: Contact, message_class: str, since: datetime, length: timedelta) -> datetime:
    """The instant at which so much time has passed in which this contact may be told something of this class."""
    if _any_time(contact, message_class):
        return since + length
    for opens, closes in _waking(contact, message_class, local_date(since) - timedelta(days=1), 1, None):
        begins = max(opens, since)
        if closes - begins >= length:
            return begins + length
        length -= max(timedelta(), closes - begins)
    return since + timedelta(days=LOOK_AHEAD_DAYS)


def waking_time(contact: Contact, message_class: str, since: datetime, until: datetime) -> timedelta:
    """How much of the time between two instants this contact may be told something of this class."""
    if until <= since or _any_time(contact, message_class):
        return max(until - since, timedelta())
    found = timedelta()
    for opens, closes in _waking(contact, message_class, local_date(since) - timedelta(days=1), 1, None):
        if opens >= until:
            break
        found += max(timedelta(), min(closes, until) - max(opens, since))
    return found


def _any_time(contact: Contact, message_class: str) -> bool:
    return message_class == MessageClass.SAFETY or (message_class == MessageClass.URGENT and contact.urgent_any_time)


def _waking(
    contact: Contact, message_class: str, day: date, step: int, days: FreeDays | None
) -> Iterator[tuple[datetime, datetime]]:
    """Stretches that are not quiet, day by day onwards (step 1) or back (-1)."""
    days = days or FreeDays(contact.municipality_id)
    for offset in range(LOOK_AHEAD_DAYS):
        today = day + timedelta(days=step * offset)
        if message_class == MessageClass.URGENT or contact.on_free_days or not days.is_free(today):
            yield from list(_waking_hours(contact, today))[::step]


def _waking_hours(contact: Contact, day: date) -> Iterator[tuple[datetime, datetime]]:
    quiet_from, quiet_until = contact.quiet_from, contact.quiet_until
    midnight, next_midnight = at(day, time()), at(day + timedelta(days=1), time())
    if quiet_from == quiet_until:
        yield midnight, next_midnight
    elif quiet_from > quiet_until:
        yield at(day, quiet_until), at(day, quiet_from)
    else:
        if quiet_from > time():
            yield midnight, at(day, quiet_from)
        yield at(day, quiet_until), next_midnight
