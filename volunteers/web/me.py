"""„Аз“: the volunteer's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.policy import requires
from core.clock import local_date
from volunteers.selectors import certified_now, own_volunteer
from volunteers.web import show
from volunteers.web.edits import OWN, chosen


@requires("volunteer.self")
def me(request: HttpRequest) -> HttpResponse:
    volunteer = own_volunteer(request.membership)  # type: ignore[attr-defined]
    now = timezone.now()
    sent = chosen(OWN, volunteer, request.user, request.POST) if request.method == "POST" else None  # type: ignore[arg-type]
    if sent is not None and sent.run(now):
        messages.success(request, str(sent.said))
        return redirect("volunteers:me")
    context = {
        **show.facts(volunteer, local_date(now)),
        "forms": show.forms(volunteer, request.user, sent),  # type: ignore[arg-type]
        "form": sent,
        "certifications": certified_now(volunteer, local_date(now)),
    }
    return render(request, "volunteers/me.html", context)
