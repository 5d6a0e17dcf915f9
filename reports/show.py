"""The report for the page: rows in order with their links, the finding, the charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import charts
from core.templatetags.dv import NBSP, number, short_date
from reports.filters import Choices
from reports.indicators import Figures
from reports.period import presets
from reports.selectors import GROUPS, SERVICE, SETTLEMENT, UNKNOWN_SERVICE, VOLUNTEER, WEEK, Asked, Key, Report
from requests.states import Outcome


@dataclass
class Row:
    """`url` leads into the row: narrowed to it, told by another group. Empty where there is nothing to narrow by."""

    label: str
    figures: Figures
    url: str
    bar: SafeString


def ordered(report: Report, choices: Choices) -> list[tuple[Key, Figures]]:
    """Weeks in their order; everything else with the most requests and visits first."""
    if report.asked.group == WEEK:
        return sorted(report.rows.items(), key=lambda item: str(item[0]))
    rows = [(key, row) for key, row in report.rows.items() if not row.nothing]
    return sorted(
        rows, key=lambda item: (-item[1].requests, -item[1].visits, choices.label(report.asked.group, item[0]))
    )


def query(asked: Asked, **changes: Any) -> str:
    """The address of this report with some values changed; empty ones left out."""
    told = {
        "from": asked.period.first, "to": asked.period.last, "settlement": asked.settlement,
        "service": asked.service, "volunteer": asked.volunteer, "group": asked.group, **changes,
    }  # fmt: skip
    return "?" + urlencode({name: str(value) for name, value in told.items() if value})


def rows(report: Report, choices: Choices) -> list[Row]:
    found = ordered(report, choices)
    most = max((row.requests for _key, row in found), default=0)
    return [
        Row(
            label=_week_label(key) if isinstance(key, date) else choices.label(report.asked.group, key),
            figures=row,
            url=_into(report.asked, key, choices),
            bar=charts.mini(row.answered, row.requests, most=most),
        )
        for key, row in found
    ]


def _into(asked: Asked, key: Key, choices: Choices) -> str:
    if asked.group == WEEK:
        assert isinstance(key, date)
        first = max(key, asked.period.first)
        last = min(key + timedelta(days=6), asked.period.last)
        return query(asked, **{"from": first, "to": last, "group": SETTLEMENT})
    if asked.group == SERVICE:
        known = key is None or key in choices.services
        return query(asked, service=key or UNKNOWN_SERVICE, group=SETTLEMENT) if known else ""
    if asked.group == SETTLEMENT:
        return query(asked, settlement=key, group=SERVICE) if key in choices.settlements else ""
    return query(asked, volunteer=key, group=SETTLEMENT)


def _week_label(week: date) -> str:
    last = week + timedelta(days=6)
    # The word joiner keeps the line from breaking after the dash.
    return f"{week.day:02}.{week.month:02}{NBSP}–\u2060{NBSP}{last.day:02}.{last.month:02}"


def finding(report: Report) -> str:
    """The heading: how many of the requests were answered."""
    total = report.total
    if not total.requests:
        return _("Няма нови заявки за тези дни")
    words = ngettext(
        "Отговорихме на %(done)s от %(n)s заявка", "Отговорихме на %(done)s от %(n)s заявки", total.requests
    )
    return words % {"done": number(total.answered), "n": number(total.requests)}


def narrowed(asked: Asked, choices: Choices) -> str:
    """What stands on paper, where the filters do not: the days and what the report is narrowed to."""
    days = _("%(first)s – %(last)s") % {
        "first": short_date(asked.period.first), "last": short_date(asked.period.last)
    }  # fmt: skip
    parts = [days]
    if asked.settlement:
        parts.append(choices.label(SETTLEMENT, asked.settlement))
    if asked.service:
        parts.append(choices.label(SERVICE, None if asked.service == UNKNOWN_SERVICE else asked.service))
    if asked.volunteer:
        parts.append(choices.label(VOLUNTEER, asked.volunteer))
    return " · ".join(parts)


def switches(asked: Asked, names: dict[str, Any], today: date) -> dict[str, list[dict[str, Any]]]:
    """The two rows of links: how the rows are told, and the usual periods."""
    return {
        "groups": [
            {"label": names[group], "url": query(asked, group=group), "current": group == asked.group}
            for group in GROUPS
        ],
        "presets": [
            {
                "label": label,
                "url": query(asked, **{"from": period.first, "to": period.last}),
                "current": period == asked.period,
            }
            for label, period in presets(today)
        ],
    }


def _short(week: date) -> str:
    return f"{week.day}.{week.month:02}"


def visits_chart(report: Report, today: date) -> SafeString:
    weeks, whole = report.weeks, report.asked.period.whole
    label = _("Посещения по седмици: %(all)s") % {
        "all": "; ".join(f"{_week_label(week)}: {row.visits}" for week, row in weeks.items())
    }
    bars = [charts.Bar(_short(week), row.visits, outlined=not whole(week, today)) for week, row in weeks.items()]
    return charts.bars(bars, label=label)


def waits_chart(report: Report) -> SafeString:
    half = [row.wait_median for row in report.weeks.values()]
    nine = [row.wait_nine_of_ten for row in report.weeks.values()]
    label = _("Дни чакане. %(all)s") % {"all": waits_words(report)}
    series = [charts.Line(_("половината"), half), charts.Line(_("9\u00a0от\u00a010"), nine)]
    return charts.lines([_short(week) for week in report.weeks], series, label=label)


def waits_words(report: Report) -> str:
    half, nine = report.total.wait_median, report.total.wait_nine_of_ten
    if half is None or nine is None:
        return _("Още няма посещения за тези дни.")
    told = {"half": number(half, 1), "nine": number(nine, 1)}
    return _("Половината хора чакат до %(half)s дни; девет от десет – до %(nine)s.") % told


def outcomes(report: Report) -> list[dict[str, Any]]:
    """How the visits ended, the most frequent first."""
    most = max(report.total.outcomes.values(), default=0)
    counted = sorted(report.total.outcomes.items(), key=lambda item: -item[1])
    return [
        {"label": Outcome(code).label, "n": n, "share": n / report.total.visits, "bar": charts.mini(n, n, most=most)}
        for code, n in counted
    ]


def difficulties(report: Report) -> list[dict[str, Any]]:
    most = max((row.before for row in report.difficulties), default=0)
    return [{"row": row, "bar": charts.mini(row.solved, row.before, most=most)} for row in report.difficulties]
