"""One table: which role may do what. Pages and endpoints name an action; nothing else decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from accounts.roles import Role
from core.errors import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_ALL = frozenset(Role)
_DESK = frozenset({Role.CLERK, Role.COORDINATOR, Role.ADMINISTRATOR})
_LEAD = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})

POLICY: dict[str, frozenset[Role]] = {
    "accounts.start": _ALL,
    "places.read": _ALL,
    "catalogue.read": _ALL,
    "places.settings": _LEAD,
    "accounts.invite": frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}),
    "accounts.tokens": _LEAD,
    "accounts.narrow": frozenset({Role.ADMINISTRATOR}),
    "help_request.intake": _DESK,
    "help_request.read": _DESK,
    "help_request.change": _DESK,
    "help_request.assign": _LEAD,
    "offer.answer": frozenset({Role.VOLUNTEER}),
    "offer.answer_for": _DESK,
    "visit.own": frozenset({Role.VOLUNTEER}),
    "visit.report": _DESK,
    "volunteer.self": frozenset({Role.VOLUNTEER}),
    "volunteer.read": _DESK,
    "volunteer.manage": _LEAD,
    "planning.read": _LEAD,
    "planning.run": _LEAD,
    "report.read": _LEAD,
    "desk_task.read": _DESK,
    "desk_task.work": _DESK,
    # One list for programs: a volunteer's own, for the desk the municipality's.
    "api.offers": _ALL,
    "api.visits": _ALL,
    "handbook.read": _ALL,
}


def allows(role: str | None, action: str) -> bool:
    """Whether this role may do this action. An unknown action is a programming error (KeyError)."""
    return role in POLICY[action]


def requires(action: str) -> Callable[[View[P]], View[P]]:
    """The page's door: signed in, a member, and the role in the table. Sets `view.policy` for the tests."""
    if action not in POLICY:
        raise KeyError(action)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            membership = request.membership  # type: ignore[attr-defined]
            if not allows(getattr(membership, "role", None), action):
                raise NotAllowed()
            return view(request, *args, **kwargs)

        guarded.policy = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View[P]) -> View[P]:
    """A page for anyone who is signed in, whatever their role, also without one."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.policy = "signed_in"  # type: ignore[attr-defined]
    return guarded


def public(view: Any) -> Any:
    """Marks a page that needs no sign-in, so that a test can tell a decision from an oversight."""
    view.policy = "public"
    return view
