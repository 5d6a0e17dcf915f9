"""Local hours become instants: right on ordinary days and across both clock changes."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.clock import SOFIA, local
from volunteers.hours import FreeInterval, free_intervals
from volunteers.models import HoursException, WeeklyHours

SPRING = date(2026, 3, 29)  # 03:00 becomes 04:00
AUTUMN = date(2026, 10, 25)  # 04:00 becomes 03:00
FIRST_DAYS = st.one_of(
    st.sampled_from([SPRING - timedelta(days=3), AUTUMN - timedelta(days=3)]),
    st.dates(date(2026, 1, 1), date(2026, 12, 1)),
)
CLOCKS = st.times(max_value=time(23, 58)).map(lambda moment: moment.replace(second=0, microsecond=0))
SPANS = st.tuples(CLOCKS, CLOCKS).map(sorted).filter(lambda span: span[0] < span[1])
WEEKS = st.lists(st.tuples(st.integers(0, 6), SPANS), max_size=12)
DIFFERENCES = st.lists(st.tuples(st.integers(0, 13), st.one_of(st.none(), SPANS)), max_size=6)


def weekly(week: list) -> list[WeeklyHours]:
    return [WeeklyHours(weekday=day, start=span[0], end=span[1]) for day, span in week]


def exceptions(first: date, differences: list) -> list[HoursException]:
    return [
        HoursException(
            day=first + timedelta(days=offset), start=(span and span[0]) or None, end=(span and span[1]) or None
        )
        if span
        else HoursException(day=first + timedelta(days=offset))
        for offset, span in differences
    ]


def minutes_said(day: date, week: list, differences: list, first: date) -> set[int]:
    """The minutes of the local clock a person would tick on paper for this day."""
    spans = [span for offset, span in differences if first + timedelta(days=offset) == day]
    if any(span is None for span in spans):
        return set()
    spans = spans or [span for weekday, span in week if weekday == day.weekday()]
    said: set[int] = set()
    for start, end in spans:
        said |= set(range(start.hour * 60 + start.minute, end.hour * 60 + end.minute))
    return said


def covers(intervals: list[FreeInterval], moment: datetime) -> bool:
    return any(interval.start <= moment < interval.end for interval in intervals)


@given(first=FIRST_DAYS, week=WEEKS, differences=DIFFERENCES)
def test_every_whole_local_minute_that_exists_once_is_free_exactly_when_it_was_said(first, week, differences):
    found = free_intervals(weekly(week), exceptions(first, differences), first, 14)
    for offset in range(14):
        day = first + timedelta(days=offset)
        said = minutes_said(day, week, differences, first)
        for minute in range(0, 1440, 13):
            naive = datetime.combine(day, time(minute // 60, minute % 60))
            early, late = naive.replace(tzinfo=SOFIA, fold=0), naive.replace(tzinfo=SOFIA, fold=1)
            if early.utcoffset() != late.utcoffset():
                continue  # skipped in spring or there twice in autumn
            if day in (SPRING, AUTUMN) and minute < 5 * 60:
                continue  # next to the change; the examples below say what happens there
            assert covers(found, early.astimezone(UTC)) == (minute in said), (day, minute)


@given(first=FIRST_DAYS, week=WEEKS, differences=DIFFERENCES)
def test_intervals_stand_in_order_apart_and_on_their_own_local_day(first, week, differences):
    found = free_intervals(weekly(week), exceptions(first, differences), first, 14)
    for interval in found:
        assert interval.start < interval.end
        assert local(interval.start).date() == interval.day
        assert local(interval.end).date() == interval.day
    for one, next_one in itertools.pairwise(found):
        assert one.end < next_one.start


@given(week=WEEKS)
def test_a_day_off_never_leaves_a_minute(week):
    away = [HoursException(day=SPRING), HoursException(day=SPRING, start=time(9), end=time(10))]
    assert free_intervals(weekly(week), away, SPRING, 1) == []


def free_on(day: date, start: time, end: time) -> list[tuple[str, str, float]]:
    """Local start, local end and real hours."""
    hours = [WeeklyHours(weekday=day.weekday(), start=start, end=end)]
    return [
        (f"{local(i.start):%H:%M}", f"{local(i.end):%H:%M}", (i.end - i.start) / timedelta(hours=1))
        for i in free_intervals(hours, [], day, 1)
    ]


def test_ten_oclock_is_ten_oclock_before_on_and_after_both_changes():
    for change, before, after in ((SPRING, 8, 7), (AUTUMN, 7, 8)):
        for day, hour in ((change - timedelta(days=1), before), (change, after), (change + timedelta(days=1), after)):
            hours = [WeeklyHours(weekday=day.weekday(), start=time(10), end=time(12))]
            (only,) = free_intervals(hours, [], day, 1)
            assert only.start == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
            assert only.end - only.start == timedelta(hours=2)


def test_a_night_across_the_spring_change_is_an_hour_shorter():
    assert free_on(SPRING, time(1), time(6)) == [("01:00", "06:00", 4.0)]


def test_a_night_across_the_autumn_change_is_an_hour_longer():
    assert free_on(AUTUMN, time(1), time(6)) == [("01:00", "06:00", 6.0)]


def test_hours_wholly_inside_the_skipped_hour_never_run_backwards():
    for _start, _end, hours in free_on(SPRING, time(3, 15), time(3, 45)):
        assert hours == 0.5
    assert free_on(SPRING, time(3, 30), time(4, 0)) == []


def test_neighbouring_hours_become_one():
    hours = [
        WeeklyHours(weekday=0, start=time(9), end=time(11)),
        WeeklyHours(weekday=0, start=time(11), end=time(12)),
        WeeklyHours(weekday=0, start=time(14), end=time(15)),
    ]
    found = free_intervals(hours, [], date(2026, 11, 23), 7)
    assert [(local(i.start).hour, local(i.end).hour) for i in found] == [(9, 12), (14, 15)]
