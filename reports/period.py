"""The days a report is about: whole local days, both ends included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.clock import day_bounds, monday

WEEKS = 8
# Keeps the waits and the charts of one report bounded.
LONGEST = timedelta(days=731)


@dataclass(frozen=True)
class Period:
    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """[from, to) as instants: local midnights, also where a clock change lies between."""
        return day_bounds(self.first)[0], day_bounds(self.last)[1]

    @property
    def weeks(self) -> list[date]:
        """The Mondays of every week the period touches."""
        begin = monday(self.first)
        return [begin + timedelta(days=7 * n) for n in range((self.last - begin).days // 7 + 1)]

    def whole(self, week: date, today: date) -> bool:
        """Whether the week lies in the period and is over."""
        end = week + timedelta(days=6)
        return self.first <= week and end <= self.last and end < today


def last_weeks(today: date, weeks: int = WEEKS) -> Period:
    """This week and those before it."""
    return Period(monday(today) - timedelta(days=7 * (weeks - 1)), today)


def presets(today: date) -> list[tuple[str | Promise, Period]]:
    """Periods one asks for often."""
    this_week, this_month = monday(today), today.replace(day=1)
    month_before = this_month - timedelta(days=1)
    return [
        (_("8 седмици"), last_weeks(today)),
        (_("Тази седмица"), Period(this_week, today)),
        (_("Миналата седмица"), Period(this_week - timedelta(days=7), this_week - timedelta(days=1))),
        (_("Този месец"), Period(this_month, today)),
        (_("Миналият месец"), Period(month_before.replace(day=1), month_before)),
    ]
