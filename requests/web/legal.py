"""What everybody may read of their rights: what is kept about people, and for whom the pages work."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.policy import public
from places.models import Municipality
from requests.services import evidence
from requests.web import town

# The statement of accessibility: made, and last gone through. A test fails a month before a year is over.
MADE = date(2026, 11, 23)
CHECKED = date(2026, 11, 23)
VALID = timedelta(days=365)


def _here(request: HttpRequest) -> Municipality | None:
    """The reader's own municipality, else the one chosen; None where a choice is still to be made."""
    role = getattr(request.membership, "role", None)  # type: ignore[attr-defined]
    return request.membership.municipality if role else town.chosen(request)  # type: ignore[attr-defined]


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice, with the terms the municipality really keeps to."""
    here = _here(request)
    context = {"municipality": here, "terms": evidence.terms_of(here)}
    return render(request, "requests/legal/privacy.html", context)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"municipality": _here(request), "made": MADE, "checked": CHECKED, "site": request.get_host()}
    return render(request, "requests/legal/accessibility.html", context)
