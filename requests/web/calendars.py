"""Visits in the volunteer's own calendar: a file for one visit, a private link for all of them."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.policy import public, requires
from core.tries import Tries
from requests.calendar.writer import CONTENT_TYPE
from requests.selectors import calendars as selectors
from requests.selectors.access import access_own_visit
from requests.services import calendars
from requests.web import who
from requests.web.my import tabs

# A village may share one address; a calendar asks about once an hour.
FETCHES = Tries("calendar", most=120, pause_seconds=600)


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar behind a link: no sign-in, no cookie. A link that opens nothing is not told from one that did."""
    if FETCHES.too_many(request):
        return HttpResponse("too many\n", status=429, content_type="text/plain", headers={"Retry-After": "600"})
    FETCHES.count(request)
    now = timezone.now()
    found = selectors.feed_by_token(token, now)
    if found is None:
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    text = selectors.whole(found.volunteer, now).encode()
    calendars.fetched(found, now=now)
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    said = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    answer = HttpResponse(text, content_type=CONTENT_TYPE, headers=said)
    return get_conditional_response(request, etag=tag, response=answer) or answer


@require_safe
@requires("visit.own")
@never_cache
def one_visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
    text = selectors.one(me, visit=access_own_visit(me, pk).pk)
    name = {"Content-Disposition": 'attachment; filename="poseshtenie.ics"'}
    return HttpResponse(text, content_type=CONTENT_TYPE, headers=name)


@require_safe
@requires("volunteer.self")
@never_cache
def my_calendar(request: HttpRequest) -> HttpResponse:
    me = who.me(request)
    return render(request, "requests/my/calendar.html", {**tabs(me, "week"), "feed": selectors.feed_of(me)})


@require_POST
@requires("volunteer.self")
@never_cache
def renew(request: HttpRequest) -> HttpResponse:
    me = who.me(request)
    secret = calendars.renew(volunteer=me, now=timezone.now())
    address = settings.SITE_URL + reverse("calendar-feed", args=[secret])
    scheme, _rest, place = address.partition("://")
    context = {**tabs(me, "week"), "address": address, "opens": f"webcal{'s' if scheme == 'https' else ''}://{place}"}
    return render(request, "requests/my/calendar_made.html", context)


@require_POST
@requires("volunteer.self")
def stop(request: HttpRequest) -> HttpResponse:
    calendars.stop(volunteer=who.me(request))
    messages.success(request, _("Връзката вече не отваря нищо."))
    return redirect("requests:my_calendar")
