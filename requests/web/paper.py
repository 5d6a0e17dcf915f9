"""On paper: the appointment in large print, a letter to hand over, the kmetstvo's day, a sheet for the outcome.

All of it is made from the same rows as the pages. Never the safe word, the address or the person's telephone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.policy import requires
from core.clock import local_date, written
from core.templatetags.dv import long_date
from notifications.models import Message
from requests.models import HelpRequest, Visit
from requests.selectors import paper
from requests.selectors.access import access_help_request
from requests.selectors.detail import live_visit
from requests.states import Mode, Outcome
from requests.web.detail import where
from requests.web.telling import tell

# How far ahead the kmetstvo's sheets are listed.
DAYS = 14
# Signs of documents to have ready; with more the letters are smaller, and still 20 pt.
LONG_LIST = 60
# What is told by the appointment itself; of anything else the letter says its own words.
APPOINTED = frozenset({"visit_scheduled", "visit_moved", "visit_tomorrow", "visit_soon"})


@require_safe
@requires("help_request.read")
@never_cache
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The appointment in large print."""
    help_request = access_help_request(request.membership, pk)  # type: ignore[attr-defined]
    return _large(request, help_request)


@require_safe
@requires("help_request.read")
@never_cache
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a person is told on paper."""
    message, help_request = paper.access_letter(request.membership, pk)  # type: ignore[attr-defined]
    return _large(request, help_request, message)


def _large(request: HttpRequest, help_request: HelpRequest, message: Message | None = None) -> HttpResponse:
    """In the person's language; what is only on the screen stays in the reader's."""
    screen = _screen(help_request)
    with override(help_request.resident.contact.language):
        story = tell(help_request, now=timezone.now())
        says = message is not None and (story.appointment is None or message.kind not in APPOINTED)
        context = {
            **screen,
            "story": story,
            "visit": None if says or story.appointment is None else story.appointment.visit,
            "when": long_date(story.appointment.visit.start).split(", ") if story.appointment else [],
            "help_request": help_request,
            "letter": message,
            "says": says,
            "long": len(", ".join(story.documents)) > LONG_LIST,
            "municipality": help_request.municipality,
        }
        return render(request, "requests/paper/large.html", context)


def _screen(help_request: HelpRequest) -> dict[str, Any]:
    return {
        "back_url": reverse("requests:detail", args=[help_request.pk]),
        "back_label": _("Заявка № %(n)s") % {"n": help_request.number},
        "how": _("Отпечатайте с Ctrl и P, на лист А4."),
        "reader": get_language(),
    }


@require_safe
@requires("help_request.read")
@never_cache
def outcome(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sheet on which a volunteer writes how the visit went. Raises Http404 where no visit stands."""
    help_request = access_help_request(request.membership, pk)  # type: ignore[attr-defined]
    visit = live_visit(help_request)
    if visit is None:
        raise Http404
    visit.help_request = help_request
    context = {**_screen(help_request), **_outcomes([visit]), "municipality": help_request.municipality}
    return render(request, "requests/paper/outcome.html", context)


@require_safe
@requires("help_request.read")
@never_cache
def sheets(request: HttpRequest) -> HttpResponse:
    """The days and villages with visits, each with its sheet."""
    membership = request.membership  # type: ignore[attr-defined]
    first = local_date(timezone.now())
    context = {"days": paper.days_ahead(membership, first, DAYS), "last": first + timedelta(days=DAYS - 1)}
    return render(request, "requests/paper/sheets.html", context)


@require_safe
@requires("help_request.read")
@never_cache
def run_sheet(request: HttpRequest, ekatte: str, day: str) -> HttpResponse:
    """One village's day for the kmetstvo, and a sheet for each outcome."""
    membership = request.membership  # type: ignore[attr-defined]
    chosen = written(day)
    if chosen is None:
        raise Http404
    place = paper.access_place(membership, ekatte)
    context = {
        **_outcomes(paper.run_of(membership, place, chosen)),
        "place": place,
        "day": chosen,
        "municipality": membership.municipality,
        "back_url": reverse("requests:paper_sheets"),
        "back_label": _("Листове за кметствата"),
        "how": _("Отпечатайте с Ctrl и P, на лист А4."),
        "reader": get_language(),
    }
    return render(request, "requests/paper/run.html", context)


def _outcomes(visits: list[Visit]) -> dict[str, Any]:
    """Each visit with what may be seen of it: no service, no address, no telephone, of the name the first."""
    rows = [
        {
            "visit": visit,
            "number": visit.help_request.number,
            "name": paper.short_name(visit.help_request),
            "where": where(visit.help_request),
            "village": paper.place_of(visit.help_request).prefixed_name,
            "at_a_door": visit.help_request.mode in (Mode.HOME_VISIT, Mode.ESCORT),
            "people": [seat.volunteer for seat in visit.seats.all()],
        }
        for visit in visits
    ]
    return {"rows": rows, "outcomes": [str(label) for _code, label in Outcome.choices]}
