"""What the desk may do with a request now, and how an act is asked for, tried and answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policy import allows
from core.errors import DomainError
from requests.models import HelpRequest, Visit
from requests.selectors.detail import live_visit
from requests.services.visits import EARLIEST_CHECK_IN
from requests.states import BEFORE_VISIT, ENDED, OPEN_FOR_OFFERS, RequestState, VisitState
from requests.web import who

FORMS = ["GET", "HEAD", "POST"]
WAITS = (VisitState.SCHEDULED, VisitState.CONFIRMED)


def possible(help_request: HelpRequest, visit: Visit | None, role: str, now: datetime) -> set[str]:
    """Names of the acts that are open to this role now; `visit` is the one that stands."""
    found: set[str] = set()
    state = help_request.state
    if allows(role, "help_request.change"):
        found.add("person")
        if state in BEFORE_VISIT | {RequestState.UNVERIFIED}:
            found |= {"correct", "another_time", "stop"}
        if state in ENDED:
            found.add("reopen")
        if state == RequestState.OPEN:
            found.add("search_again")
        if state == RequestState.UNVERIFIED:
            found |= {"verify", "not_reached"}
        if visit is not None:
            found |= _of_visit(help_request, visit, now)
    if allows(role, "person_rule.manage"):
        found.add("rules")
    if allows(role, "help_request.assign") and state in OPEN_FOR_OFFERS:
        found.add("candidates")
    if allows(role, "visit.report") and visit is not None and _can_be_told(help_request, visit, now):
        found.add("told")
    return found


def _of_visit(help_request: HelpRequest, visit: Visit, now: datetime) -> set[str]:
    if visit.state not in WAITS:
        return set()
    found = {"move"}
    if visit.state == VisitState.SCHEDULED and help_request.state == RequestState.SCHEDULED:
        found.add("confirm")
    if now >= visit.start:
        found.add("missed")
    return found


def _can_be_told(help_request: HelpRequest, visit: Visit, now: datetime) -> bool:
    if visit.state == VisitState.CHECKED_IN:
        return True
    staffed = help_request.state in (RequestState.SCHEDULED, RequestState.CONFIRMED)
    return staffed and now >= visit.start - EARLIEST_CHECK_IN


def act(name: str) -> Any:
    """A page of one act: the view is given the request and the visit that stands, while the act is open to it."""

    def decorator(view: Any) -> Any:
        @wraps(view)
        def guarded(request: HttpRequest, pk: UUID) -> HttpResponse:
            help_request = who.row_of(request, pk)
            visit, role = live_visit(help_request), request.membership.role  # type: ignore[attr-defined]
            if name not in possible(help_request, visit, role, timezone.now()):
                return changed_meanwhile(request, help_request)
            answer: HttpResponse = view(request, help_request, visit)
            return answer

        return guarded

    return decorator


@dataclass(frozen=True)
class Asked:
    """An act's page: heading, sentences under it, the button; `warn` where something is given up."""

    title: str
    button: str
    lines: tuple[str, ...] = ()
    warn: bool = False
    stay: str = ""


def page(
    request: HttpRequest,
    help_request: HelpRequest,
    asked: Asked,
    form: forms.Form | None = None,
    *,
    template: str = "requests/detail/act.html",
    back: str = "",
    **more: Any,
) -> HttpResponse:
    context = {
        "help_request": help_request,
        "asked": asked,
        "form": form,
        "back_url": back or reverse("requests:detail", args=[help_request.pk]),
        **more,
    }
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def try_form(form: forms.Form, do: Callable[[], Any]) -> bool:
    """Do it; a rule of the house that forbids it stands in the form, with everything typed kept."""
    try:
        do()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
    except ValidationError as error:
        form.add_error(None, error)
    else:
        return True
    return False


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def done(request: HttpRequest, help_request: HelpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("requests:detail", help_request.pk)


def ask_and_do(
    request: HttpRequest,
    help_request: HelpRequest,
    asked: Asked,
    form: forms.Form,
    do: Callable[[], Any],
    said: str,
    **more: Any,
) -> HttpResponse:
    """An act with a form: done where what was typed may stand; else its page, with what stands in the way."""
    if form.is_valid() and try_form(form, do):
        return done(request, help_request, said)
    return page(request, help_request, asked, form, **more)


def attempt(request: HttpRequest, do: Callable[[], Any], said: str = "") -> None:
    """Done and said, or said kindly why not."""
    try:
        do()
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        if said:
            messages.success(request, said)


def do_at_once(request: HttpRequest, help_request: HelpRequest, do: Callable[[], Any], said: str) -> HttpResponse:
    """A button without questions, and back to the request."""
    attempt(request, do, said)
    return redirect("requests:detail", help_request.pk)


def changed_meanwhile(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    messages.warning(request, _("Междувременно нещо се промени. Вижте как стои сега."))
    return redirect("requests:detail", help_request.pk)


def upstairs(name: str, *args: Any) -> str:
    """An address of a room above this one; nothing in an installation without it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
