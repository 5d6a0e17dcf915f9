"""The request a visitor may see: bound to their session, never named in an address."""

from __future__ import annotations

from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from requests.models import HelpRequest
from requests.selectors.access import by_session, still_stands

OWN, BY_MANDATE = "own_request", "own_by_mandate"


def bind(request: HttpRequest, help_request: HelpRequest, *, mandate: UUID | None = None) -> None:
    """Code and phone were right, or it was asked for here: this session may see it until the browser closes.

    By the telephone of who speaks for the person (`mandate`) only as long as the person lets them.
    """
    request.session.cycle_key()
    request.session[OWN] = str(help_request.pk)
    request.session.pop(BY_MANDATE, None)
    if mandate is not None:
        request.session[BY_MANDATE] = str(mandate)
    if not request.user.is_authenticated:
        request.session.set_expiry(0)


def forget(request: HttpRequest) -> None:
    request.session.pop(OWN, None)
    request.session.pop(BY_MANDATE, None)


def bound_or_none(request: HttpRequest) -> HelpRequest | None:
    key, mandate = request.session.get(OWN), request.session.get(BY_MANDATE)
    if mandate and not still_stands(mandate):
        forget(request)
        return None
    return by_session(key) if key else None


def own_page(view: Any) -> Any:
    """A page about the bound request: the view is given it; without one the code is asked for."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        help_request = bound_or_none(request)
        if help_request is None:
            return redirect("requests:track")
        answer: HttpResponse = view(request, help_request)
        return answer

    return guarded
