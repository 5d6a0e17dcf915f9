"""Where one is signed in, and how to end it elsewhere: by its owner, not by whoever finds a session open."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.confirming import ask_again, confirmed
from accounts.models import User
from accounts.policy import signed_in
from accounts.selectors import devices_of
from accounts.services import devices


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """`device`: the key of one of them, or `others` for all but this one."""
    assert isinstance(request.user, User)
    here = request.session.session_key
    rows = devices_of(request.user, timezone.now())
    if request.method == "POST":
        if not confirmed(request):
            return ask_again(request)
        wanted = request.POST.get("device", "")
        chosen = rows.exclude(session_key=here) if wanted == "others" else rows.filter(pk__in=_key(wanted))
        if devices.end(chosen):
            messages.info(request, _("Там вече трябва да се влезе отново."))
        return redirect("accounts:devices")
    found = [{"row": row, "here": row.session_key == here} for row in rows[:50]]
    others = any(not one["here"] for one in found)
    return render(request, "accounts/sign_in/devices.html", {"devices": found, "others": others})


def _key(typed: str) -> list[UUID]:
    try:
        return [UUID(typed)]
    except ValueError:
        return []
