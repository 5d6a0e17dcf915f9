"""Which municipality and role this page is opened in, and whether the session may open it at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import confirming, entering
from accounts.models import Membership
from accounts.policy import is_public
from core.middleware import API

SESSION_KEY = "membership"
# What was typed is never lost to a question: only reading is stopped by a doubt.
READING = ("GET", "HEAD")


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership chosen in this session, or the person's first active one; None without one."""
    if not request.user.is_authenticated:
        return None
    mine = list(
        Membership.objects.filter(user_id=request.user.pk, active=True)
        .select_related("municipality")
        .order_by("created_at")
    )
    chosen = request.session.get(SESSION_KEY)
    return next((membership for membership in mine if str(membership.pk) == chosen), mine[0] if mine else None)


class CurrentMembershipMiddleware:
    """Sets `request.membership`, read on first use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A lazy None is truthy to `is None`: policy and pages ask for the role instead.
        request.membership = SimpleLazyObject(lambda: current_membership(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class SignedInMiddleware:
    """A session left alone asks for the sign-in again; staff without a second factor set one up before all else; and
    whose reading looked unusual is asked once who they are.

    Reads the session alone: no page asks the database more for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        # What is for everybody shows nothing of the session's owner.
        if is_public(view) or not request.user.is_authenticated:
            return None
        now, is_api = timezone.now(), request.path.startswith(API)
        if entering.left_alone(request.session, now):
            logout(request)
            return None if is_api else redirect_to_login(request.get_full_path())
        entering.touch(request.session, now)
        if getattr(view, confirming.BEFORE, False):
            return None
        if _lacks_a_factor(request):
            return HttpResponseForbidden() if is_api else redirect("accounts:factors")
        if request.method in READING and confirming.doubted(request):
            return HttpResponseForbidden() if is_api else _who_is_it(request)
        return None


def _who_is_it(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot hold the question: htmx is told to leave the page, and comes back to it."""
    if request.headers.get("HX-Request") != "true":
        return confirming.ask_again(request)
    return HttpResponse(headers={"HX-Redirect": confirming.where(confirming.page_of(request))})


def _lacks_a_factor(request: HttpRequest) -> bool:
    if not settings.STAFF_SECOND_FACTOR or confirming.factor_given(request):
        return False
    known = request.session.get(entering.DUE, request.session.get(entering.STAFF))
    # Only a session from before this was written down has to ask.
    return entering.must_have_factor(request.user) if known is None else bool(known)  # type: ignore[arg-type]
