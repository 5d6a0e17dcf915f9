"""What this session has shown of its owner: a second factor, and how long ago password or factor were given."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
FACTOR = "mfa"
# Set by `before_a_factor`, read by the middleware.
BEFORE = "opens_before_factor"


def factor_given(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session."""
    return any(one.get("method") == FACTOR for one in get_authentication_records(request, request.user))


def confirmed(request: HttpRequest) -> bool:
    """Whether password, factor or code were given within the last minutes, at the sign-in or since."""
    if not settings.ASK_AGAIN:
        return True
    return 0 <= time.time() - _given(request) < settings.ASK_AGAIN_SECONDS


def doubted(request: HttpRequest) -> bool:
    """Whether this person's reading looked unusual, and this session has shown nothing of its owner since."""
    since: datetime | None = getattr(request.user, "doubted_at", None)
    return settings.ASK_AGAIN and since is not None and _given(request) < since.timestamp()


def _given(request: HttpRequest) -> float:
    """When this session last showed something of its owner; 0 for never."""
    return max((float(one.get("at", 0)) for one in get_authentication_records(request, request.user)), default=0.0)


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks, and from there back. What was to be sent is sent anew: never on somebody's word alone."""
    page = request.get_full_path() if request.method in ("GET", "HEAD") else page_of(request)
    return HttpResponseRedirect(where(page))


def where(page: str) -> str:
    """The page that asks, and from there to `page`."""
    return f"{reverse('accounts:confirm')}?{urlencode({'next': page})}"


def page_of(request: HttpRequest) -> str:
    """The page a form or a part was asked from; an address that only takes what is sent has no page of its own."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.path and came.netloc == request.get_host():
        return came.path + (f"?{came.query}" if came.query else "")
    return request.path


def asked_again(view: View[P]) -> View[P]:
    """The one door of everything dangerous: without a password or factor just given it asks for one first.

    `accounts.policy.requires` puts it around every page whose rule says `asks_again`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if confirmed(request) else ask_again(request)

    return guarded


def before_a_factor(view: Any) -> Any:
    """Marks a page that staff may open before they have a second factor: where they set one up."""
    setattr(view, BEFORE, True)
    return view
