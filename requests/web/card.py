"""„Картонче“: the A5 card for the fridge. Never the safe word, the address or the person's telephone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.policy import by_code, requires
from core.templatetags.dv import long_date
from requests.models import HelpRequest
from requests.selectors.access import access_help_request
from requests.web import own
from requests.web.telling import tell
from requests.web.words import spaced

# Signs of documents to have ready; with more the letters are smaller, so that the card stays one sheet.
LONG_LIST = 60


@by_code("own_request.read")
@never_cache
@own.own_page
def card(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    return _card(request, help_request, back_url=reverse("requests:tracking"))


@requires("help_request.read")
@never_cache
def card_for_staff(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The clerk prints it for a person who phoned."""
    membership = request.membership  # type: ignore[attr-defined]
    return _card(request, access_help_request(membership, pk))


def _card(request: HttpRequest, help_request: HelpRequest, *, back_url: str = "") -> HttpResponse:
    story = tell(help_request, now=timezone.now())
    context = {
        "story": story,
        # The weekday on a line of its own: it is what one looks for from across the kitchen.
        "when": long_date(story.appointment.visit.start).split(", ") if story.appointment else [],
        "help_request": help_request,
        "long": len(", ".join(story.documents)) > LONG_LIST,
        # An ordinary space: on a narrow screen the two fours may stand under each other.
        "code": spaced(help_request.tracking_code).replace("\u00a0", " "),
        "back_url": back_url,
        "municipality": help_request.municipality,
    }
    return render(request, "requests/card/card.html", context)
