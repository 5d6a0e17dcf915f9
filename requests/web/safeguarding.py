"""The safeguarding lead's pages: what happened at doors, one such incident, and who is kept apart."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.policy import requires
from requests.selectors import safeguarding as reading

PAGE = 40


@require_safe
@requires("safeguarding.read")
@never_cache
def at_the_door(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    page = Paginator(reading.at_the_door(membership), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": reading.with_visits(membership, page)}
    return render(request, "requests/safeguarding/at_the_door.html", context)


@require_safe
@requires("safeguarding.read")
@never_cache
def incident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What, when, about which visit, what was done; sealed evidence leads to the page that asks for a reason."""
    found = reading.access_incident(request.membership, pk)  # type: ignore[attr-defined]
    return render(request, "requests/safeguarding/incident.html", {"incident": found})


@require_safe
@requires("safeguarding.read")
@never_cache
def kept_apart(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    page = Paginator(reading.kept_apart(membership), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": reading.with_requests(membership, page)}
    return render(request, "requests/safeguarding/kept_apart.html", context)
