"""Europe/Sofia and back: local days, local times, right across both clock changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SOFIA = ZoneInfo("Europe/Sofia")
# Days outside are typed by mistake or by somebody who tries doors; at the ends of time no day has a next one.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def is_of_our_time(day: date) -> bool:
    return EARLIEST <= day <= LATEST


def written(text: str) -> date | None:
    """The day of „2026-10-15“; None for any other text, and for a day that is not of our time."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_of_our_time(day) else None


def local(moment: datetime) -> datetime:
    return moment.astimezone(SOFIA)


def local_date(moment: datetime) -> date:
    return local(moment).date()


def at(day: date, clock: time) -> datetime:
    """The UTC instant of a local clock time. A time the spring change skips is read an hour later;
    of a time that autumn has twice, the first."""
    return datetime.combine(day, clock, tzinfo=SOFIA).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of the local day and of the next one: 23, 24 or 25 hours apart."""
    return at(day, time()), at(day + timedelta(days=1), time())


def days(first: date, count: int) -> Iterator[date]:
    for offset in range(count):
        yield first + timedelta(days=offset)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
