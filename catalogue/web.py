"""The catalogue for everyone: what we help with, in plain words. No sign-in."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from catalogue import selectors
from catalogue.models import Service


class Timing(NamedTuple):
    """What the season says of a service today; the template puts it in words."""

    open: bool
    deadline: date | None
    opens_on: date | None


class Line(NamedTuple):
    service: Service
    timing: Timing


def timing(service: Service, today: date) -> Timing:
    return Timing(
        open=selectors.in_season(service, today),
        deadline=selectors.next_deadline(service, today),
        opens_on=selectors.opens_on(service, today),
    )


def services(request: HttpRequest) -> HttpResponse:
    by = "institution" if request.GET.get("by") == "institution" else "group"
    today = timezone.localdate()
    ordered = sorted(selectors.services_for(), key=lambda s: (getattr(s, by).order, s.order))
    sections = [
        (shelf, [Line(service, timing(service, today)) for service in found])
        for shelf, found in groupby(ordered, key=lambda s: getattr(s, by))
    ]
    return render(request, "catalogue/services.html", {"sections": sections, "by": by})


def service(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(selectors.services_for(), pk=code)
    return render(
        request,
        "catalogue/service.html",
        {
            "service": found,
            "timing": timing(found, timezone.localdate()),
            "back_url": reverse("catalogue:services"),
        },
    )


# Rooms below `accounts` cannot use its marks; the test that reads them finds the same word here.
services.policy = service.policy = "public"  # type: ignore[attr-defined]
