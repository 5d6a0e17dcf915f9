"""Which municipality and role this page is opened in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import Membership

SESSION_KEY = "membership"


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
