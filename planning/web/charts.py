"""The small drawings of „Днес“, each with its finding in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import charts
from core.templatetags.dv import number
from planning.selectors.figures import Week

WIDTH, HEIGHT = 336, 140


@dataclass(frozen=True)
class Drawings:
    visits: SafeString
    waiting: SafeString
    queue: SafeString


def short_weekday(day: date) -> str:
    """„пн“, „вт“… as on a wall calendar."""
    names = (_("пн"), _("вт"), _("ср"), _("чт"), _("пт"), _("сб"), _("нд"))
    return names[day.weekday()]


def of_week(week: Week) -> Drawings:
    return Drawings(_visits(week), _waiting(week), _queue(week))


def _visits(week: Week) -> SafeString:
    bars, told = [], []
    for day in week.days:
        name = short_weekday(day.day)
        told.append(f"{date_format(day.day, 'l').lower()} {day.done + day.promised}")
        if day.done or not day.promised:
            bars.append(charts.Bar(name, day.done))
        if day.promised:
            bars.append(charts.Bar("" if day.done else name, day.promised, outlined=True))
    label = _("Посещения по дни: %(days)s") % {"days": ", ".join(told)}
    return charts.bars(bars, label=label, width=WIDTH, height=HEIGHT)


def _waiting(week: Week) -> SafeString:
    values = [days for _week, days in week.waiting]
    labels = [date_format(monday, "d.m") for monday, _days in week.waiting]
    told = ", ".join(number(value) if value is not None else "–" for value in values)
    label = _("Медиана на чакането в дни, по седмици: %(values)s") % {"values": told}
    end = number(week.last_waiting) if week.last_waiting is not None else ""
    return charts.lines(labels, [charts.Line(end, values)], label=label, width=WIDTH, height=HEIGHT)


def _queue(week: Week) -> SafeString:
    facts = {"agreed": week.agreed, "asked": week.asked, "searching": week.searching}
    label = _("Уговорени %(agreed)s, питаме за %(asked)s, търсим за %(searching)s") % facts
    return charts.progress(week.agreed, week.asked, week.searching, label=label, width=WIDTH)
