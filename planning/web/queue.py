"""The queue: every live request, why it is still open, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.policy import allows, requires
from catalogue.models import Service
from places.models import Municipality, Settlement
from planning import nearest_words
from planning.selectors import queue as rows
from planning.selectors.nearest import Near, nearest
from planning.task_words import detail
from planning.web.runs import round_of
from requests import unserved
from requests.models import HelpRequest
from requests.states import LIVE, RequestState

PAGE = 50
TAGS = {
    RequestState.UNVERIFIED: "now",
    RequestState.OPEN: "wait",
    RequestState.OFFERED: "wait",
    RequestState.PARTLY_STAFFED: "now",
    RequestState.SCHEDULED: "agreed",
    RequestState.CONFIRMED: "agreed",
    RequestState.IN_PROGRESS: "agreed",
}
CAN_BE_STAFFED = (RequestState.OPEN, RequestState.PARTLY_STAFFED)


class Filters(forms.Form):
    state = forms.ChoiceField(label=_("Състояние"), required=False)
    settlement = forms.ModelChoiceField(
        label=_("Място"), required=False, queryset=Settlement.objects.none(), empty_label=_("всички")
    )
    service = forms.ModelChoiceField(
        label=_("Услуга"), required=False, queryset=Service.objects.none(), empty_label=_("всички")
    )

    def __init__(self, municipality: Municipality, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, state.label) for state in RequestState if state in LIVE]
        self.fields["state"].choices = [("", _("всички")), *states]  # type: ignore[attr-defined]
        places: Any = self.fields["settlement"]
        places.queryset = Settlement.objects.of(municipality)
        places.label_from_instance = lambda place: place.prefixed_name
        services: Any = self.fields["service"]
        services.queryset = Service.objects.all()
        services.label_from_instance = lambda service: service.name

    def chosen(self) -> dict[str, str]:
        """What the list is narrowed by; a value nobody offered narrows nothing."""
        self.is_valid()
        found = {key: self.cleaned_data.get(key) for key in ("state", "settlement", "service")}
        return {key: getattr(value, "pk", value) or "" for key, value in found.items()}


@dataclass(frozen=True)
class Waiting:
    row: HelpRequest
    tag: str
    why: str
    nearest: str
    url: str
    can_assign: bool


@require_safe
@requires("help_request.read")
def queue(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    filters = Filters(membership.municipality, request.GET)
    page = Paginator(rows.live(membership, **filters.chosen()), PAGE).get_page(request.GET.get("page"))
    may_assign = allows(membership.role, "help_request.assign")
    # Whom to ask is for those who may ask.
    near = nearest(membership.municipality, page) if may_assign else {}
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [_waiting(row, may_assign, near.get(row.pk, [])) for row in page],
        "may_plan": allows(membership.role, "planning.run"),
        **(round_of(request) if allows(membership.role, "planning.read") else {}),
    }
    return render(request, "planning/queue.html", context)


def _waiting(row: HelpRequest, may_assign: bool, near: list[Near]) -> Waiting:
    can = row.state in CAN_BE_STAFFED
    why = unserved.why(row) if can else ""
    easiest = nearest_words.said(near[0]).line if can and near else ""
    return Waiting(row, TAGS[RequestState(row.state)], why, easiest, detail(row.pk), may_assign and can)
