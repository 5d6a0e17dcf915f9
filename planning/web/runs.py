"""„Планирай сега“: a nudge to the worker, and how it goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.policy import requires
from places.models import Municipality
from planning.selectors.queue import last_round, planned_since, running
from planning.tasks import plan_municipality

# A round takes seconds; after this the page stops asking.
ASK_FOR = timedelta(seconds=90)


@require_POST
@requires("planning.run")
def plan_now(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        plan_municipality.apply_async((request.membership.municipality_id,), retry=False)  # type: ignore[attr-defined]
    except OperationalError:
        messages.warning(request, _("Опашката не отговаря. Планът ще стане сам до пет минути."))
        return redirect("planning:queue")
    back = request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, None):
        back = reverse("planning:queue")
    return redirect(f"{back.partition('?')[0]}?asked={int(now.timestamp())}")


@require_safe
@requires("planning.read")
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """The summary of the last round; asks again by itself while the wanted one runs."""
    return render(request, "planning/parts/round.html", round_of(request))


def round_of(request: HttpRequest) -> dict[str, object]:
    municipality: Municipality = request.membership.municipality  # type: ignore[attr-defined]
    asked, now = _asked(request.GET.get("asked", "")), timezone.now()
    return {
        "round": last_round(municipality),
        "running": running(municipality, now),
        "waits": asked is not None and now - asked < ASK_FOR and not planned_since(municipality, asked),
        "asked": int(asked.timestamp()) if asked else "",
    }


def _asked(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if text.isdecimal() and len(text) < 12 else None
