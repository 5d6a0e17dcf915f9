"""From weekly hours and exceptions to real intervals, right across both clock changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from core.clock import at, days
from volunteers.models import HoursException, WeeklyHours


@dataclass(frozen=True)
class FreeInterval:
    """A time somebody is free: the local day it belongs to, and its UTC bounds."""

    day: date
    start: datetime
    end: datetime


def free_intervals(
    weekly: Iterable[WeeklyHours], exceptions: Iterable[HoursException], first: date, count: int
) -> list[FreeInterval]:
    """The free intervals of `count` local days from `first`, in order, overlapping ones merged.

    A day with exceptions follows only them; one without times means away the whole day.
    """
    usual: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for hours in weekly:
        usual[hours.weekday].append((hours.start, hours.end))
    special: dict[date, list[tuple[time, time]]] = defaultdict(list)
    away: set[date] = set()
    for exception in exceptions:
        if exception.start is None or exception.end is None:
            away.add(exception.day)
        else:
            special[exception.day].append((exception.start, exception.end))
    found: list[FreeInterval] = []
    for day in days(first, count):
        if day in away:
            continue
        spans = special.get(day) or usual.get(day.weekday(), [])
        found += _merged(day, [(at(day, start), at(day, end)) for start, end in spans])
    return found


def _merged(day: date, spans: list[tuple[datetime, datetime]]) -> list[FreeInterval]:
    merged: list[FreeInterval] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = FreeInterval(day, merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(FreeInterval(day, start, end))
    return merged
