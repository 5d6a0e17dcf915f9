"""What a person may ask by one call: all we hold about them, a stop to its use, its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import allows, requires
from accounts.roles import Role
from core.clock import local_date
from core.errors import DomainError
from requests.models import Resident
from requests.selectors.access import access_resident
from requests.services import erasure, rights
from requests.web import who
from requests.web.doing import FORMS, attempt


def _person(request: HttpRequest, pk: UUID) -> Resident:
    return access_resident(request.membership, pk)  # type: ignore[attr-defined]


@require_http_methods(FORMS)
@requires("person.rights")
@never_cache
def rights_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`do` is restrict or lift."""
    person, now = _person(request, pk), timezone.now()
    acts = {
        "restrict": lambda: rights.restrict(resident=person, actor=who.actor(request), now=now),
        "lift": lambda: rights.lift(resident=person, now=now),
    }
    if request.method == "POST":
        act = acts.get(request.POST.get("do", ""))
        if act is None:
            messages.warning(request, _("Изберете какво да направим."))
        else:
            attempt(request, act, pgettext("a form was saved", "Записано."))
        return redirect("requests:rights", pk)
    may_erase = allows(request.membership.role, "person.erase")  # type: ignore[attr-defined]
    return render(request, "requests/rights/rights.html", {"person": person, "may_erase": may_erase})


@require_safe
@requires("person.rights")
@never_cache
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To read and to print; with `?format=json` as a file for another program."""
    person = _person(request, pk)
    held = rights.everything(person)
    if request.GET.get("format") == "json":
        return as_file(held)
    context = {"person": person, "held": held, "municipality": person.municipality, "today": timezone.now()}
    context["read"] = read_on_days(held["openings"])
    return render(request, "requests/rights/export.html", context)


def read_on_days(openings: Iterable[dict[str, Any]]) -> list[tuple[date, str, int]]:
    """Who opened the record, one line a day and role: the day, the role in words, how many times. Oldest first."""
    found = Counter((local_date(one["at"]), one["role"]) for one in openings)
    return [(day, str(Role(role).label), count) for (day, role), count in sorted(found.items())]


def as_file(held: dict[str, Any]) -> HttpResponse:
    """Everything that is held about somebody, for another program."""
    answer = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="danni.json"'
    return answer


@require_http_methods(FORMS)
@requires("person.erase")
@never_cache
def erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked once more before it is done: nothing brings it back."""
    person, user = _person(request, pk), request.user
    if request.method != "POST":
        return render(request, "requests/rights/erase.html", {"person": person})
    try:
        erasure.erase_resident(
            resident=person, because=f"user:{user.pk}", now=timezone.now(), actor=who.actor(request)
        )  # fmt: skip
    except DomainError as error:
        messages.warning(request, str(error.message))
        return redirect("requests:rights", pk)
    messages.success(request, _("Данните на човека са изтрити."))
    return redirect("planning:today")
