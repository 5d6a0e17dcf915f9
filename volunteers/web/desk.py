"""The coordinator's pages: the people, one volunteer, their hours."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.policy import allows, requires
from accounts.selectors import devices_of
from catalogue.models import ServiceGroup
from core.clock import local_date
from places.models import Municipality, Settlement
from volunteers.models import Volunteer
from volunteers.selectors import (
    access_volunteer,
    live_certifications,
    others_with_the_phone,
    sharing_the_way_in,
    volunteers_for,
)
from volunteers.states import VOLUNTEER_MOVES, VolunteerStatus
from volunteers.web import show
from volunteers.web.desk_edits import DESK, SIGN_IN, Grant, Leave, PreferPartner, SetContact
from volunteers.web.edits import AVAILABILITY, Edit, chosen
from volunteers.web.fields import SettlementField

PAGE = 50
TAGS = {
    VolunteerStatus.APPLIED: "now",
    VolunteerStatus.TRAINING: "wait",
    VolunteerStatus.ACTIVE: "agreed",
    VolunteerStatus.PAUSED: "end",
    VolunteerStatus.LEFT: "end",
}


class Filters(forms.Form):
    status = forms.ChoiceField(label=_("Състояние"), required=False)
    group = forms.ModelChoiceField(
        label=_("Удостоверение"),
        required=False,
        queryset=ServiceGroup.objects.none(),
        empty_label=_("всички"),
    )
    settlement = SettlementField(label=_("Място"), required=False, empty_label=_("всички"))

    def __init__(self, municipality: Municipality, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("без приключилите")), *VolunteerStatus.choices]  # type: ignore[attr-defined]
        self.fields["group"].queryset = ServiceGroup.objects.all()  # type: ignore[attr-defined]
        self.fields["settlement"].queryset = Settlement.objects.of(municipality)  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What the list is narrowed by; a value nobody offered narrows nothing."""
        self.is_valid()
        group, settlement = self.cleaned_data.get("group"), self.cleaned_data.get("settlement")
        return {
            "status": self.cleaned_data.get("status", ""),
            "service_group": group.pk if group else "",
            "settlement": settlement.pk if settlement else "",
        }


@requires("volunteer.read")
def people(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    filters = Filters(membership.municipality, request.GET)
    rows = volunteers_for(membership, local_date(timezone.now()), **filters.chosen())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "volunteers/list.html", {"filters": filters, "page_obj": page, "tags": TAGS})


@requires("volunteer.read", post="volunteer.manage")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    volunteer = access_volunteer(membership, pk)
    now = timezone.now()
    sent = None
    if request.method == "POST":
        sent = chosen(DESK, volunteer, request.user, request.POST)  # type: ignore[arg-type]
        if sent is not None and sent.run(now):
            messages.success(request, str(sent.said))
            return redirect("volunteers:detail", pk=volunteer.pk)
    return render(request, "volunteers/detail.html", _one(request, volunteer, sent, now))


def _one(request: HttpRequest, volunteer: Volunteer, sent: Edit | None, now: datetime) -> dict[str, Any]:
    role = request.membership.role  # type: ignore[attr-defined]
    may_manage = allows(role, "volunteer.manage")
    made = {kind.do: kind(volunteer, request.user) for kind in (Grant, PreferPartner)}  # type: ignore[arg-type]
    groups = ServiceGroup.objects.filter(pk__in=volunteer.says_can_help) if volunteer.says_can_help else []
    return {
        **show.facts(volunteer, local_date(now)),
        "today": local_date(now),
        "may_manage": may_manage,
        "forms": made if sent is None else {**made, sent.do: sent},
        "form": sent,
        "certifications": live_certifications(volunteer),
        "says": groups,
        "partners": volunteer.preferred_partners.order_by("badge"),
        "same_phone": others_with_the_phone(volunteer),
        "steps": {to for to, sources in VOLUNTEER_MOVES.items() if volunteer.status in sources},
        "tag_kind": TAGS[VolunteerStatus(volunteer.status)],
    }


@requires("volunteer.manage")
def hours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hours and limits, for somebody who says them on the phone."""
    volunteer = access_volunteer(request.membership, pk)  # type: ignore[attr-defined]
    now = timezone.now()
    sent = chosen(AVAILABILITY, volunteer, request.user, request.POST) if request.method == "POST" else None  # type: ignore[arg-type]
    if sent is not None and sent.run(now):
        messages.success(request, str(sent.said))
        return redirect("volunteers:hours", pk=volunteer.pk)
    made = show.forms(volunteer, request.user, sent)  # type: ignore[arg-type]
    context = {**show.facts(volunteer, local_date(now)), "forms": made, "form": sent}
    return render(request, "volunteers/hours.html", context)


@requires("volunteer.sign_in")
def contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The telephone and e-mail codes are sent to, and the way out for a telephone that was lost."""
    volunteer = access_volunteer(request.membership, pk)  # type: ignore[attr-defined]
    now = timezone.now()
    sent = chosen(SIGN_IN, volunteer, request.user, request.POST) if request.method == "POST" else None  # type: ignore[arg-type]
    if sent is not None and sent.run(now):
        messages.success(request, str(sent.said))
        return redirect("volunteers:detail", pk=volunteer.pk)
    form = sent if isinstance(sent, SetContact) else SetContact(volunteer, request.user)  # type: ignore[arg-type]
    devices = devices_of(volunteer.user, now) if volunteer.user else ()
    context = {"volunteer": volunteer, "contact": form, "form": sent, "devices": devices}
    return render(request, "volunteers/contact.html", {**context, "sharing": sharing_the_way_in(volunteer)})


@requires("volunteer.manage")
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The confirming page before the end."""
    volunteer = access_volunteer(request.membership, pk)  # type: ignore[attr-defined]
    if request.method == "POST":
        form = Leave(volunteer, request.user, request.POST)  # type: ignore[arg-type]
        if form.run(timezone.now()):
            messages.success(request, str(form.said))
        return redirect("volunteers:detail", pk=volunteer.pk)
    return render(request, "volunteers/leave.html", {"volunteer": volunteer})
