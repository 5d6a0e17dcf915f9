"""The volunteer's pages on a phone: today, the week, what they were told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import requires
from core.clock import local_date, monday, written
from notifications import web as notifications_web
from notifications.selectors import unread_count
from requests.selectors import my_pages
from requests.web import who
from requests.web.doing import FORMS
from volunteers.models import Volunteer


def tabs(volunteer: Volunteer, current: str) -> dict[str, Any]:
    waiting = my_pages.offers_waiting(volunteer, timezone.now())
    return {"current": current, "tab_offers": waiting, "volunteer": volunteer}


@require_safe
@requires("visit.own")
def today(request: HttpRequest) -> HttpResponse:
    me, now = who.me(request), timezone.now()
    day = local_date(now)
    plan = my_pages.day_of(me, day, my_pages.visits_between(me, day, 1))
    stops = [my_pages.place_of(leg.visit.help_request) for leg in plan.legs if not leg.at_home]
    coming = my_pages.visits_between(me, day + timedelta(days=1), 14)
    context = {
        **tabs(me, "today"),
        "day": plan,
        "map": my_pages.map_of(me, stops, label=_("Карта на днешния път")),
        "unfinished": my_pages.unfinished(me, now),
        "coming": coming[:3],
        "now": now,
        "unread": unread_count([me.contact], now=now),
    }
    return render(request, "requests/my/today.html", context)


@require_safe
@requires("visit.own")
def my_week(request: HttpRequest) -> HttpResponse:
    me = who.me(request)
    this_week = monday(local_date(timezone.now()))
    first = monday(written(request.GET.get("ot", "")) or this_week)
    context = {
        **tabs(me, "week"),
        "days": my_pages.week_of(me, first),
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "this_week": this_week,
        "today": local_date(timezone.now()),
    }
    return render(request, "requests/my/week.html", context)


@require_http_methods(FORMS)
@requires("volunteer.self")
def inbox(request: HttpRequest) -> HttpResponse:
    """What the volunteer was told, newest first."""
    me = who.me(request)
    context = {
        "back_url": reverse("requests:my_today"), "back_label": _("Днес"), "push_url": reverse("requests:push"),
    }  # fmt: skip
    return notifications_web.inbox(request, contacts=[me.contact], **context)
