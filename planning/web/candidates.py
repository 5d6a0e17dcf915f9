"""A hand picks: ranked candidates, a confirming page, and either a question or a seat at once."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import requires
from core.clock import SOFIA, local, local_date
from core.errors import DomainError
from core.forms import MomentField
from planning import candidate_words, nearest_words
from planning.selectors.nearest import Near, nearest
from planning.selectors.queue import standing
from planning.services import by_hand, ways
from planning.services.by_hand import Candidate
from planning.services.solver import SolverFailed
from planning.services.ways import TightWay
from planning.task_words import detail
from requests import unserved
from requests.models import HelpRequest
from requests.selectors.access import access_help_request
from requests.states import OPEN_FOR_OFFERS
from volunteers.models import Volunteer
from volunteers.selectors import lessons_of

log = logging.getLogger(__name__)
# More would not be read: so many choices, each with other days, nobody in more than a few pairs.
SHOWN = 12
OTHER_DAYS = 4
PAIRS_OF_ONE = 3


@dataclass(frozen=True)
class Shown:
    candidate: Candidate
    reasons: list[str]
    how_good: str
    query: str
    other_days: list[tuple[datetime, str]]


@require_safe
@requires("help_request.assign")
def candidates(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = access_help_request(request.membership, pk)  # type: ignore[attr-defined]
    found: list[Candidate] = []
    failed = False
    if help_request.state in OPEN_FOR_OFFERS:
        try:
            found = by_hand.candidates(help_request, now=timezone.now())
        except SolverFailed as error:
            log.error("candidates for %s failed: %s", pk, error)
            failed = True
    able = [one for one in found if not one.why_not]
    best = max((one.gain for one in able), default=0)
    context = {
        **_about(help_request),
        "failed": failed,
        "nearest": [(nearest_words.said(one), _way_to(one)) for one in _nearest(help_request)],
        "able": [_shown(days, best) for days in _choices(able)],
        "others": _others(help_request, found),
    }
    return render(request, "planning/candidates.html", context)


def _others(help_request: HelpRequest, found: list[Candidate]) -> list[tuple[Volunteer, str]]:
    """Who cannot come and why, with what their own noes taught."""
    lessons = lessons_of(help_request.municipality, local_date(timezone.now()))
    group = help_request.service.group_id if help_request.service else None
    return [
        (one.people[0], candidate_words.taught(one.why_not, lessons[one.people[0].pk], group))
        for one in found
        if one.why_not
    ]


def _nearest(help_request: HelpRequest) -> list[Near]:
    if help_request.state not in OPEN_FOR_OFFERS:
        return []
    return nearest(help_request.municipality, [help_request]).get(help_request.pk, [])


def _way_to(one: Near) -> str:
    """The query of the page where these people are chosen, at the hour that is named."""
    start = next((step.start for step in one.steps if step.start), None)
    return _people_at([person.pk for person in one.people], start)


def _about(help_request: HelpRequest) -> dict[str, Any]:
    return {
        "help_request": help_request,
        "request_url": detail(help_request.pk),
        "why_open": unserved.why(help_request),
        "can_be_staffed": help_request.state in OPEN_FOR_OFFERS,
        "standing": standing(help_request),
    }


def _choices(able: list[Candidate]) -> list[list[Candidate]]:
    """Each person or pair once with all their days, the best first, and not one person in every pair."""
    days: dict[tuple[UUID, ...], list[Candidate]] = {}
    for one in able:
        days.setdefault(tuple(person.pk for person in one.people), []).append(one)
    found: list[list[Candidate]] = []
    seen: Counter[UUID] = Counter()
    for people, same in days.items():
        if len(people) == 1 or all(seen[person] < PAIRS_OF_ONE for person in people):
            seen.update(people)
            found.append(same)
    return found[:SHOWN]


def _query(one: Candidate) -> str:
    return _people_at([person.pk for person in one.people], one.start)


def _people_at(people: list[UUID], start: datetime | None) -> str:
    who = "&".join(f"people={pk}" for pk in people)
    return who + (f"&start={local(start):%Y-%m-%dT%H:%M}" if start else "")


def _shown(days: list[Candidate], best: int) -> Shown:
    one, others = days[0], days[1 : OTHER_DAYS + 1]
    more = [(other.start, _query(other)) for other in others if other.start]
    if not one.ranked:
        said = _("От %(home)s") % {"home": one.people[0].home.prefixed_name}
        return Shown(one, [], said, _query(one), more)
    reasons = candidate_words.reasons(one.why, people=len(one.people))
    return Shown(one, reasons, candidate_words.how_good(one.gain, best), _query(one), more)


class ChooseForm(forms.Form):
    use_required_attribute = False
    start = MomentField(
        label=_("Кога"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "in"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Изберете ден и час."),
            "invalid": _("Изберете ден и час от календара."),
        },
    )
    people = forms.ModelMultipleChoiceField(
        queryset=Volunteer.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("Изберете кой да отиде."), "invalid_choice": _("Изберете кой да отиде.")},
    )

    def __init__(self, help_request: HelpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["people"]
        rows = Volunteer.objects.filter(municipality=help_request.municipality_id)
        chosen.queryset = rows.select_related("home", "contact")

    def clean_start(self) -> datetime:
        typed: datetime = self.cleaned_data["start"]
        return typed.replace(tzinfo=SOFIA)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("help_request.assign")
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who, when, and whether they are asked or have agreed on the phone."""
    help_request = access_help_request(request.membership, pk)  # type: ignore[attr-defined]
    source = request.POST if request.method == "POST" else request.GET
    typed = ChooseForm(help_request, source)
    tight = _tight(help_request, typed)
    if request.method == "POST":
        form = typed
        # A road that does not fit is told once for this hour; who presses again has decided.
        told = not tight or source.get("told") == source.get("start")
        if form.is_valid() and told and _assigned(request, help_request, form):
            return redirect("planning:candidates", pk)
    else:
        form = ChooseForm(help_request, initial={"start": source.get("start", "")})
    keys = [key for key in source.getlist("people") if _is_uuid(key)]
    people = list(form.fields["people"].queryset.filter(pk__in=keys))  # type: ignore[attr-defined]
    if not people:
        return redirect("planning:candidates", pk)
    context = {
        **_about(help_request),
        "form": form,
        "people": people,
        "tight": [candidate_words.tight_way(one) for one in tight],
        "told": source.get("start", ""),
        "length": timedelta(minutes=help_request.minutes),
    }
    return render(request, "planning/choose.html", context)


def _tight(help_request: HelpRequest, typed: ChooseForm) -> list[TightWay]:
    if not typed.is_valid():
        return []
    start = typed.cleaned_data["start"]
    return ways.tight(help_request, typed.cleaned_data["people"], start, start + by_hand.length_of(help_request))


def _assigned(request: HttpRequest, help_request: HelpRequest, form: ChooseForm) -> bool:
    agreed = request.POST.get("do") == "agreed"
    chosen = form.cleaned_data
    try:
        by_hand.assign(
            help_request=help_request, people=[person.pk for person in chosen["people"]], start=chosen["start"],
            agreed=agreed, by=request.user, now=timezone.now(),  # type: ignore[arg-type]
        )  # fmt: skip
    except DomainError as error:
        form.add_error("start" if error.code in ("past", "another_hour", "not_certified") else None, str(error.message))
        return False
    messages.success(request, _("Уговорено е. Казахме и на двете страни.") if agreed else _("Попитахме."))
    return True


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
