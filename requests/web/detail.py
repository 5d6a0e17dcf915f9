"""One request for the desk: the person, where it stands, what comes next, what happened, what can be done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.policy import allows, requires
from core.templatetags.dv import clock, long_date
from requests import unserved
from requests.models import FreeTime, HelpRequest, Offer
from requests.selectors.access import access_help_request
from requests.selectors.detail import Detail, detail_of
from requests.states import ENDED, OPEN_FOR_OFFERS, Mode, NextStep, OfferState, RequestState
from requests.verbs import thread
from requests.web.doing import possible, upstairs
from requests.web.words import spaced

TAGS = {
    RequestState.UNVERIFIED: "now",
    RequestState.OPEN: "wait",
    RequestState.OFFERED: "wait",
    RequestState.PARTLY_STAFFED: "now",
    RequestState.SCHEDULED: "agreed",
    RequestState.CONFIRMED: "agreed",
    RequestState.IN_PROGRESS: "agreed",
}
OFFER_TAGS = {OfferState.MADE: "wait", OfferState.ACCEPTED: "agreed"}


@require_safe
@requires("help_request.read")
@never_cache
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    help_request = access_help_request(membership, pk)
    found, now = detail_of(membership, help_request), timezone.now()
    may = possible(help_request, found.visit, membership.role, now)
    context = {
        "found": found,
        "help_request": help_request,
        "resident": help_request.resident,
        "tag": tag_of(help_request),
        "why_open": why_open(help_request),
        "where": where(help_request),
        "free": [free_time(span) for span in found.free_times],
        "code": spaced(help_request.tracking_code),
        "offers": [(offer, OFFER_TAGS.get(OfferState(offer.state), "end"), answer(offer)) for offer in found.offers],
        "may": may,
        "may_answer": allows(membership.role, "offer.answer_for"),
        "may_see_people": allows(membership.role, "volunteer.read"),
        "candidates_url": upstairs("planning:candidates", pk) if "candidates" in may else "",
        "queue_url": upstairs("planning:queue"),
        "main": main_act(found, may, now),
        "thread": thread(found.entries, {offer.pk: offer.volunteer.name for offer in found.offers}, found.names),
        "appointed": found.visit.start if found.visit and help_request.next_step == NextStep.VISIT else None,
        "ended": help_request.state in ENDED,
    }
    return render(request, "requests/detail/detail.html", context)


def tag_of(help_request: HelpRequest) -> str:
    """The kind of status tag: filled red where a person is needed now."""
    if help_request.next_step == NextStep.DESK:
        return "now"
    return TAGS.get(RequestState(help_request.state), "end")


def why_open(help_request: HelpRequest) -> str:
    if help_request.state not in OPEN_FOR_OFFERS:
        return ""
    return unserved.why(help_request)


def where(help_request: HelpRequest) -> str:
    if help_request.mode == Mode.HELP_POINT and help_request.help_point is not None:
        point = help_request.help_point
        return f"{point.name}, {point.settlement.prefixed_name}"
    if help_request.mode == Mode.ESCORT and help_request.escort_to is not None:
        return _("придружаване до %(there)s") % {"there": help_request.escort_to.prefixed_name}
    return str(help_request.get_mode_display())


def free_time(span: FreeTime) -> str:
    """„вторник, 9:00–12:00 ч.“"""
    day = long_date(span.day) if span.day else str(WEEKDAYS[span.weekday or 0]).lower()
    return f"{day}, {span.start.hour}:{span.start.minute:02}–{clock(span.end)}"


def answer(offer: Offer) -> str:
    """How an answer came: channel, reason, who said it, who wrote it down."""
    parts = [str(offer.get_decline_reason_display())] if offer.decline_reason else []
    if offer.answer_channel:
        parts.append(str(offer.get_answer_channel_display()))
    if offer.said_by:
        parts.append(_("каза го %(who)s") % {"who": offer.said_by})
    if offer.recorded_by is not None:
        parts.append(_("записа %(who)s") % {"who": offer.recorded_by.get_full_name()})
    return ", ".join(parts)


def main_act(found: Detail, may: set[str], now: datetime) -> str:
    """The one solid button: what this state waits for."""
    visit = found.visit
    if visit is not None and "told" in may and now >= visit.start:
        return "told"
    return next((act for act in ("verify", "confirm", "candidates", "told", "reopen") if act in may), "")
