"""When a volunteer can: the usual week, and the dates that differ. Times are local clock times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.errors import Invalid
from volunteers.models import HoursException, Volunteer, WeeklyHours
from volunteers.services.rows import locked, touch

# Weekday (0 = Monday), start, end
Span = tuple[int, time, time]

SPANS_A_DAY = 6
DAYS_AHEAD = 366
LONGEST_ABSENCE_DAYS = 120


@transaction.atomic
def set_weekly_hours(*, volunteer: Volunteer, spans: Iterable[Span], now: datetime) -> list[Span]:
    """Replace the usual week; what touches or overlaps becomes one. Raises Invalid."""
    wanted = merged(spans)
    row = locked(volunteer.pk)
    row.weekly_hours.all().delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(volunteer=row, weekday=weekday, start=start, end=end) for weekday, start, end in wanted
    )
    touch(volunteer, now)
    return wanted


@transaction.atomic
def add_weekly_hours(
    *, volunteer: Volunteer, weekdays: Iterable[int], start: time, end: time, now: datetime
) -> list[Span]:
    """Add the same hours to some weekdays. Raises Invalid."""
    row = locked(volunteer.pk)
    spans = [*_week(row), *((weekday, start, end) for weekday in weekdays)]
    return set_weekly_hours(volunteer=volunteer, spans=spans, now=now)


@transaction.atomic
def remove_weekly_hours(*, volunteer: Volunteer, hours_id: int, now: datetime) -> None:
    """Take one row away; one that is gone already changes nothing."""
    if volunteer.weekly_hours.filter(pk=hours_id).delete()[0]:
        touch(volunteer, now)


@transaction.atomic
def add_exception(
    *, volunteer: Volunteer, day: date, start: time | None, end: time | None, now: datetime
) -> HoursException:
    """One date that differs: free at these hours instead of the usual ones, or away (both None).

    The last word wins: hours end an absence of that day, an absence ends its hours. Raises Invalid.
    """
    _check_day(day, now)
    if (start is None) != (end is None):
        raise Invalid(_("Напишете и начало, и край."), code="hours", field="start")
    if start is not None and end is not None:
        _check_hours(start, end)
    row = locked(volunteer.pk)
    other = row.exceptions.filter(day=day)
    (other if start is None else other.filter(start=None)).delete()
    if other.count() >= SPANS_A_DAY:
        raise Invalid(_("За един ден стигат шест отрязъка."), code="too_many", field="day")
    exception = HoursException.objects.create(volunteer=row, day=day, start=start, end=end)
    touch(volunteer, now)
    return exception


@transaction.atomic
def add_absence(*, volunteer: Volunteer, first: date, last: date, now: datetime) -> int:
    """Away every day from `first` to `last`, both included; the number of days. Raises Invalid."""
    _check_day(first, now, field="first")
    _check_day(last, now, field="last")
    if last < first:
        raise Invalid(_("Последният ден е преди първия. Разменете ги."), code="days", field="last")
    count = (last - first).days + 1
    if count > LONGEST_ABSENCE_DAYS:
        raise Invalid(_("За дълго отсъствие изберете почивка."), code="days", field="last")
    row = locked(volunteer.pk)
    row.exceptions.filter(day__range=(first, last)).delete()
    HoursException.objects.bulk_create(
        HoursException(volunteer=row, day=first + timedelta(days=offset)) for offset in range(count)
    )
    touch(volunteer, now)
    return count


@transaction.atomic
def remove_exception(*, volunteer: Volunteer, exception_ids: Iterable[int], now: datetime) -> None:
    """The usual week again on those dates; what is gone already changes nothing."""
    if volunteer.exceptions.filter(pk__in=list(exception_ids)).delete()[0]:
        touch(volunteer, now)


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, each weekday's touching or overlapping hours made one. Raises Invalid."""
    done: list[Span] = []
    for weekday, start, end in sorted(spans):
        if not 0 <= weekday <= 6:
            raise Invalid(_("Изберете ден от седмицата."), code="weekday", field="weekdays")
        _check_hours(start, end)
        if done and done[-1][0] == weekday and start <= done[-1][2]:
            done[-1] = (weekday, done[-1][1], max(done[-1][2], end))
        else:
            done.append((weekday, start, end))
    if any(sum(span[0] == weekday for span in done) > SPANS_A_DAY for weekday in range(7)):
        raise Invalid(_("За един ден стигат шест отрязъка."), code="too_many", field="weekdays")
    return done


def _week(volunteer: Volunteer) -> list[Span]:
    return [(hours.weekday, hours.start, hours.end) for hours in volunteer.weekly_hours.all()]


def _check_hours(start: time, end: time) -> None:
    if end <= start:
        raise Invalid(_("Краят е преди началото. Разменете ги."), code="hours", field="end")


def _check_day(day: date, now: datetime, field: str = "day") -> None:
    today = local_date(now)
    if day < today:
        raise Invalid(_("Този ден вече мина. Изберете друг."), code="day", field=field)
    if day > today + timedelta(days=DAYS_AHEAD):
        raise Invalid(_("Гледаме до една година напред. Изберете по-близък ден."), code="day", field=field)
