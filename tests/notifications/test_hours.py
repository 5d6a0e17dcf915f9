"""When somebody may be told: quiet hours, Sundays and holidays, both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.clock import at
from notifications.hours import after_waking, first_minute, last_minute, when_to_tell
from notifications.models import Contact
from notifications.states import MessageClass
from places.models import Holiday

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
C = MessageClass
# Thursday the 15th of October 2026; the 18th is a Sunday.
THURSDAY = date(2026, 10, 15)
SUNDAY = date(2026, 10, 18)


def on(day: date, clock: str) -> datetime:
    return at(day, time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("message_class", "day", "clock", "told_on", "told_at"),
    [
        (C.ORDINARY, THURSDAY, "10:00", THURSDAY, "10:00"),
        (C.ORDINARY, THURSDAY, "20:00", date(2026, 10, 16), "08:00"),
        (C.ORDINARY, THURSDAY, "19:59", THURSDAY, "19:59"),
        (C.ORDINARY, THURSDAY, "03:00", THURSDAY, "08:00"),
        (C.ORDINARY, date(2026, 10, 17), "21:00", date(2026, 10, 19), "08:00"),
        (C.ORDINARY, SUNDAY, "12:00", date(2026, 10, 19), "08:00"),
        (C.CANCELLATION, SUNDAY, "12:00", date(2026, 10, 19), "08:00"),
        (C.URGENT, SUNDAY, "12:00", SUNDAY, "12:00"),
        (C.URGENT, SUNDAY, "21:00", date(2026, 10, 19), "08:00"),
        (C.SAFETY, SUNDAY, "23:00", SUNDAY, "23:00"),
    ],
)
def test_a_message_waits_for_the_first_minute_that_is_not_quiet(
    iva: Contact, message_class: C, day: date, clock: str, told_on: date, told_at: str
) -> None:
    assert first_minute(iva, message_class, on(day, clock)) == on(told_on, told_at)


def test_who_agreed_to_urgent_things_at_any_hour_is_told_at_night(iva: Contact) -> None:
    iva.urgent_any_time = True
    night = on(SUNDAY, "03:00")
    assert first_minute(iva, C.URGENT, night) == night
    assert first_minute(iva, C.ORDINARY, night) > night


def test_a_holiday_is_as_quiet_as_a_sunday(iva: Contact) -> None:
    Holiday.objects.update_or_create(pk=THURSDAY, defaults={"name_bg": "Празник", "name_en": "Holiday"})
    assert first_minute(iva, C.ORDINARY, on(THURSDAY, "10:00")) == on(date(2026, 10, 16), "08:00")


def test_hours_of_ones_own_within_a_day_and_over_midnight(iva: Contact) -> None:
    iva.quiet_from, iva.quiet_until = time(13), time(15)
    assert first_minute(iva, C.ORDINARY, on(THURSDAY, "13:30")) == on(THURSDAY, "15:00")
    assert first_minute(iva, C.ORDINARY, on(THURSDAY, "23:00")) == on(THURSDAY, "23:00")
    assert last_minute(iva, C.ORDINARY, on(THURSDAY, "14:00")) == on(THURSDAY, "12:59")
    iva.quiet_from = iva.quiet_until
    assert first_minute(iva, C.ORDINARY, on(THURSDAY, "03:00")) == on(THURSDAY, "03:00")


def test_a_reminder_goes_the_evening_before_rather_than_after_the_night(iva: Contact) -> None:
    now = on(THURSDAY, "09:00")
    early_morning = on(date(2026, 10, 16), "07:00")
    assert when_to_tell(iva, C.ORDINARY, early_morning, now=now, early=True) == on(THURSDAY, "19:59")
    assert when_to_tell(iva, C.ORDINARY, early_morning, now=now) == on(date(2026, 10, 16), "08:00")
    # The evening has passed: then the first minute of the morning.
    late = on(THURSDAY, "23:00")
    assert when_to_tell(iva, C.ORDINARY, early_morning, now=late, early=True) == on(date(2026, 10, 16), "08:00")


def test_a_reminder_for_monday_morning_goes_on_saturday_evening(iva: Contact) -> None:
    monday = on(date(2026, 10, 19), "07:30")
    assert when_to_tell(iva, C.ORDINARY, monday, now=on(THURSDAY, "09:00"), early=True) == on(
        date(2026, 10, 17), "19:59"
    )


def test_a_cancellation_that_monday_would_be_too_late_for_goes_on_sunday(iva: Contact) -> None:
    now = on(SUNDAY, "12:00")
    visit = on(SUNDAY, "15:00")
    assert when_to_tell(iva, C.CANCELLATION, now, now=now, expires_at=visit) == now
    monday = on(date(2026, 10, 19), "10:00")
    assert when_to_tell(iva, C.CANCELLATION, now, now=now, expires_at=monday) == on(date(2026, 10, 19), "08:00")


def test_the_nights_of_both_clock_changes_end_at_eight(iva: Contact) -> None:
    autumn, spring = date(2026, 10, 25), date(2027, 3, 28)
    assert first_minute(iva, C.URGENT, on(autumn, "00:30")) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert first_minute(iva, C.URGENT, on(spring, "00:30")) == datetime(2027, 3, 28, 5, tzinfo=UTC)


def test_time_to_answer_counts_only_the_hours_one_is_awake(iva: Contact) -> None:
    asked = on(THURSDAY, "18:00")
    assert after_waking(iva, C.ORDINARY, asked, timedelta(hours=4)) == on(date(2026, 10, 16), "10:00")
    assert after_waking(iva, C.ORDINARY, asked, timedelta(hours=2)) == on(THURSDAY, "20:00")
    saturday = on(date(2026, 10, 17), "19:00")
    assert after_waking(iva, C.ORDINARY, saturday, timedelta(hours=2)) == on(date(2026, 10, 19), "09:00")
    assert after_waking(iva, C.SAFETY, asked, timedelta(hours=4)) == on(THURSDAY, "22:00")
