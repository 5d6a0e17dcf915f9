"""For everybody: how many messages were handed over within ten seconds, from the rows themselves."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.policy import public
from core.charts import Bar, bars
from core.clock import local_date
from core.templatetags.dv import number, percent
from notifications import operations
from notifications.operations import Rate
from requests.web.town import chosen

SPANS = (7, 28)


@public
@require_safe
def speed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    parts = [(days, *_of(days, now)) for days in SPANS]
    context = {
        "parts": parts,
        "finding": parts[0][2].in_time_share if parts[0][2].handed else parts[-1][2].in_time_share,
        "picture": _picture(now),
        "municipality": chosen(request),
    }
    return render(request, "requests/messaging/speed.html", context)


def _of(days: int, now: datetime) -> tuple[list[Rate], Rate]:
    rates = operations.rates(now - timedelta(days=days), now)
    return rates, operations.together(rates)


def _picture(now: datetime) -> SafeString | str:
    """A bar a day: the share handed over in time; a day without messages has none."""
    handed, in_time = Counter[Any](), Counter[Any]()
    for hour, all_, soon in operations.by_hour(now - timedelta(days=SPANS[0]), now):
        handed[local_date(hour)] += all_
        in_time[local_date(hour)] += soon
    if not sum(handed.values()):
        return ""
    days = [local_date(now) - timedelta(days=ago) for ago in range(SPANS[0] - 1, -1, -1)]
    items = [
        Bar(f"{day.day}.{day.month:02}", 100 * in_time[day] / handed[day] if handed[day] else 0,
            text=percent(in_time[day] / handed[day]) if handed[day] else "–")
        for day in days
    ]  # fmt: skip
    told = ", ".join(f"{bar.label}: {bar.text}" for bar in items)
    label = _("Предадени до 10 секунди по дни: %(days)s. Общо %(n)s съобщения.")
    return bars(items, label=label % {"days": told, "n": number(sum(handed.values()))})
