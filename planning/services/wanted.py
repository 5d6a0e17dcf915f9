"""When a person can be helped: their free times, met with visiting and opening hours, deadline and holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from core.clock import at
from planning.selectors.rows import Rows, help_point_hours
from planning.services import spans
from requests.models import HelpRequest
from requests.states import Mode


def windows_of(row: HelpRequest, rows: Rows, origin: datetime, begin: int) -> list[spans.Span]:
    """Windows of one request in minutes from `origin`, none before `begin`, all inside the horizon."""
    found: list[spans.Span] = []
    for day in rows.days:
        if not _may_be(row, rows, day):
            continue
        base = _visiting(rows, day, origin)
        if row.mode == Mode.HELP_POINT and row.help_point is not None:
            hours = [(_minute(day, opens, origin), _minute(day, closes, origin)) for opens, closes in
                     help_point_hours(row.help_point, day)]  # fmt: skip
            base = spans.meet(base, hours)
        found += spans.meet(base, _person(row, day, origin))
    later = [(max(start, begin), end) for start, end in found]
    return [span for span in spans.merge(later) if span[1] - span[0] >= row.minutes]


def share(windows: list[spans.Span], position: int, of: int, *, minutes: int) -> list[spans.Span]:
    """The windows of one of `of` requests of the same person: no two share an hour, each has its turn.

    Where there are too few windows for all, long ones are cut into as many parts.
    """
    if of == 1:
        return windows
    if len(windows) < of:
        windows = [part for start, end in windows for part in _parts(start, end, of, minutes)]
    # From one round of turns to the next the order moves on: nobody has only mornings.
    return [span for number, span in enumerate(windows) if (number + number // of + position) % of == 0]


def _parts(start: int, end: int, count: int, minutes: int) -> list[spans.Span]:
    if (end - start) // count < minutes:
        return [(start, end)]
    edges = [start + (end - start) * number // count for number in range(count + 1)]
    return list(pairwise(edges))


def _may_be(row: HelpRequest, rows: Rows, day: date) -> bool:
    if day not in rows.visiting or (row.not_before is not None and day < row.not_before):
        return False
    if row.event is not None and not row.event.starts_on <= day <= row.event.ends_on:
        return False
    return row.deadline is None or day <= row.deadline


def _visiting(rows: Rows, day: date, origin: datetime) -> list[spans.Span]:
    return [(_minute(day, rows.rules.visiting_from, origin), _minute(day, rows.rules.visiting_to, origin))]


def _person(row: HelpRequest, day: date, origin: datetime) -> list[spans.Span]:
    times = list(row.free_times.all())
    if not times:
        return [(_minute(day, time(), origin), _minute(day + timedelta(days=1), time(), origin))]
    fitting = [free for free in times if free.day == day or (free.day is None and free.weekday == day.weekday())]
    return spans.merge((_minute(day, free.start, origin), _minute(day, free.end, origin)) for free in fitting)


def _minute(day: date, clock: time, origin: datetime) -> int:
    return int((at(day, clock) - origin).total_seconds() // 60)
