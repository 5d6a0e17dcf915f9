"""What a volunteer may ask: all we hold about them, and its end once they have left."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import requires
from core.errors import DomainError
from requests.services import erasure, volunteer_rights
from requests.web import who
from requests.web.doing import FORMS
from requests.web.rights import as_file, read_on_days
from volunteers.models import Volunteer
from volunteers.selectors import access_volunteer
from volunteers.states import VolunteerStatus


def _volunteer(request: HttpRequest, pk: UUID) -> Volunteer:
    return access_volunteer(request.membership, pk)  # type: ignore[attr-defined]


@require_safe
@requires("volunteer.rights")
@never_cache
def rights_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    volunteer = _volunteer(request, pk)
    context = {"volunteer": volunteer, "has_left": volunteer.status == VolunteerStatus.LEFT}
    return render(request, "requests/rights/volunteer.html", context)


@require_safe
@requires("volunteer.rights")
@never_cache
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To read and to print; with `?format=json` as a file for another program."""
    return _all_of(request, _volunteer(request, pk))


@require_safe
@requires("volunteer.self")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The same for the volunteer themselves, without asking anybody."""
    return _all_of(request, who.me(request))


def _all_of(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    held = volunteer_rights.everything(volunteer)
    if request.GET.get("format") == "json":
        return as_file(held)
    context = {"held": held, "municipality": volunteer.municipality, "today": timezone.now()}
    context["read"] = read_on_days(held["openings"])
    return render(request, "requests/rights/volunteer_export.html", context)


@require_http_methods(FORMS)
@requires("volunteer.rights")
@never_cache
def erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked once more before it is done: nothing brings it back."""
    volunteer, user = _volunteer(request, pk), request.user
    if request.method != "POST":
        return render(request, "requests/rights/volunteer_erase.html", {"volunteer": volunteer})
    try:
        erasure.erase_volunteer(volunteer=volunteer, because=f"user:{user.pk}", now=timezone.now())
    except DomainError as error:
        messages.warning(request, str(error.message))
        return redirect("requests:volunteer_rights", pk)
    messages.success(request, _("Данните на доброволеца са изтрити."))
    return redirect("volunteers:list")
