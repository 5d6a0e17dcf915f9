"""„График“: the fortnight on one sheet, and below it who is still without anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.policy import allows, requires
from core.clock import local_date, monday, written
from planning.selectors.board import DAYS, Board, fortnight
from planning.web.charts import short_weekday
from planning.web.runs import round_of
from requests import unserved


@dataclass(frozen=True)
class Head:
    day: date
    short: str
    narrow: bool


# How far one may leaf: a year each way.
FARTHEST = timedelta(days=366)


@require_safe
@requires("planning.read")
def board(request: HttpRequest) -> HttpResponse:
    membership, now = request.membership, timezone.now()  # type: ignore[attr-defined]
    today = local_date(now)
    first = _first(request.GET.get("from", ""), today)
    shown = fortnight(membership, first, now)
    may_assign = allows(membership.role, "help_request.assign")
    context = {
        "board": shown,
        "heads": _heads(shown),
        "today": today,
        "last": shown.days[-1],
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "promised": shown.count("promised") + shown.count("bad"),
        "proposed": shown.count("may"),
        "unplaced": [(row, unserved.why(row)) for row in shown.unplaced],
        "may_assign": may_assign,
        "may_plan": allows(membership.role, "planning.run"),
        **round_of(request),
    }
    return render(request, "planning/board.html", context)


def _heads(board: Board) -> list[Head]:
    """Weekends are narrow where nobody visits."""
    busy = {one.day for line in board.lines for one in line.days if one.cells}
    return [Head(day, short_weekday(day), day.weekday() > 4 and day not in busy) for day in board.days]


def _first(text: str, today: date) -> date:
    wanted = written(text) or today
    return monday(wanted if abs(wanted - today) <= FARTHEST else today)
