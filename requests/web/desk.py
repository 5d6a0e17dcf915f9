"""The clerk at the telephone: who is calling, what they need, what we know. One page, all from the keyboard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Membership
from accounts.policy import requires
from core.errors import DomainError
from requests.forms.desk import NewPersonForm, TakeForm
from requests.models import HelpRequest, Resident
from requests.selectors import desk as reading
from requests.selectors import people
from requests.selectors.access import access_help_request, access_resident
from requests.services import intake, residents
from requests.services.actors import staff
from requests.states import Source


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.membership  # type: ignore[attr-defined]
    return member


@require_http_methods(["GET", "HEAD", "POST"])
@requires("help_request.intake")
def desk(request: HttpRequest) -> HttpResponse:
    """GET chooses; POST takes the request for the chosen person or a new one."""
    resident = _chosen(request)
    return _take(request, resident) if request.method == "POST" else _empty(request, resident)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("help_request.intake")
def search(request: HttpRequest) -> HttpResponse:
    """The list of people found, for the page as one types, or the whole page without a script.

    By POST: what is typed is a name or a telephone, and an address is kept by every log on the way.
    """
    if request.method != "POST":
        return redirect("requests:desk")
    typed = request.POST.get("q", "")
    found = {"typed": typed, "found": people.find(_member(request), typed)}
    if "HX-Request" in request.headers:
        return render(request, "requests/desk/found.html", found)
    return _empty(request, None, **found)


def _empty(request: HttpRequest, resident: Resident | None, **found: Any) -> HttpResponse:
    """The page before anything is asked for."""
    about = reading.known(resident) if resident else None
    form = TakeForm(_member(request).municipality, initial={"safe_word": about.last_word if about else ""})
    return _page(request, form, about=about, new=NewPersonForm(_member(request)), **found)


@require_safe
@requires("help_request.intake")
def taken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It is recorded: the number, what comes next, what to tell the caller."""
    row = access_help_request(_member(request), pk)
    return render(request, "requests/desk/taken.html", {"row": row})


def _chosen(request: HttpRequest) -> Resident | None:
    key = request.POST.get("person") or request.GET.get("person", "")
    try:
        return access_resident(_member(request), UUID(key)) if key else None
    except ValueError:
        return None


def _take(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    municipality = _member(request).municipality
    form = TakeForm(municipality, request.POST)
    new = NewPersonForm(_member(request), None if resident else request.POST)
    about = reading.known(resident) if resident else None
    ready = form.is_valid() and (resident is not None or new.is_valid())
    if not ready:
        if resident is None:
            new.is_valid()
        return _page(request, form, about=about, new=new, status=422)
    if resident is None and (resident := _already_known(request, new)) is not None:
        # „Нов човек“ was chosen for somebody we know: the request goes to them, nobody is written down twice.
        about = reading.known(resident)
    twin = intake.probable_duplicate(resident, form.wanted().service) if resident else None
    if twin is not None and request.POST.get("different") != str(twin.number):
        return _page(request, form, about=about, new=new, twin=twin, status=409)
    try:
        row = _record(request, form, new, resident)
    except (DomainError, ValidationError) as error:
        message = error.message if isinstance(error, DomainError) else error.messages[0]
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(message))
        return _page(request, form, about=about, new=new, status=422)
    return redirect("requests:taken", row.pk)


def _already_known(request: HttpRequest, new: NewPersonForm) -> Resident | None:
    person = new.person()
    full_name = " ".join(part for part in (person.first_name, person.middle_name, person.last_name) if part)
    found = people.same_person(
        _member(request).municipality, phone=person.phone, full_name=full_name, settlement=person.settlement
    )
    return access_resident(_member(request), found.pk) if found else None


@transaction.atomic
def _record(request: HttpRequest, form: TakeForm, new: NewPersonForm, resident: Resident | None) -> HelpRequest:
    member, now = _member(request), timezone.now()
    if resident is None:
        resident = residents.register(municipality=member.municipality, person=new.person(), now=now)
    return intake.take(
        resident=resident, wanted=form.wanted(), source=Source.PHONE, taken_by=member.user,
        actor=staff(member.user), now=now,
    )  # fmt: skip


def _page(request: HttpRequest, form: TakeForm, *, status: int = 200, **context: Any) -> HttpResponse:
    new = context["new"]
    context |= {
        "form": form,
        "page_errors": bool(form.errors or new.errors),
        "new_open": "new" in request.GET or (form.is_bound and context["about"] is None),
        "example": reading.example_word(),
    }
    return render(request, "requests/desk/desk.html", context, status=status)
