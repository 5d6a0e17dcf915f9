"""One table: which role may do what, and to whose rows. Pages and endpoints name an action; nothing else decides.

An action is `object.what`. docs/policy.md is drawn from here; tests/proofs/trust/test_role_table.py calls every
address as every role and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from accounts import posture
from accounts.confirming import asked_again
from accounts.roles import Role, WithoutAccount
from core.errors import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class Reach(Enum):
    """Whose rows an action reaches. Any other row answers like one that does not exist."""

    NATIONAL = "the same for everybody"
    TOWN = "their municipality's"
    PLACES = "their municipality's; a clerk of some settlements: theirs"
    OWN = "their own"


@dataclass(frozen=True)
class Rule:
    roles: frozenset[str]
    reach: Reach
    # What it is, for docs/policy.md.
    words: str
    # Password or factor are asked for again unless they were given within the last minutes.
    asks_again: bool = False


_Who = frozenset[Role] | frozenset[WithoutAccount] | Role


def _rule(who: _Who, reach: Reach, words: str, *, asks_again: bool = False) -> Rule:
    return Rule(frozenset({who} if isinstance(who, Role) else who), reach, words, asks_again)


_V, _S, _A, _X = Role.VOLUNTEER, Role.SAFEGUARDING, Role.ADMINISTRATOR, Role.AUDITOR
_ALL = frozenset(Role)
_LEAD = frozenset({Role.COORDINATOR, _A})
_DESK = _LEAD | {Role.CLERK}
_CARE = _DESK | {_S}
_OUTSIDE = frozenset(WithoutAccount)
_NATIONAL, _TOWN, _PLACES, _OWN = Reach

POLICY: dict[str, Rule] = {
    # Without an account
    "own_request.read": _rule(_OUTSIDE, _OWN, "follows the request and prints its card"),
    "own_request.change": _rule(_OUTSIDE, _OWN, "confirms, moves, mends or stops it, says how it went"),
    # Everybody
    "places.read": _rule(_ALL, _NATIONAL, "reads settlements"),
    "help_point.read": _rule(_ALL, _TOWN, "reads help points"),
    "catalogue.read": _rule(_ALL, _NATIONAL, "reads services"),
    "handbook.read": _rule(_ALL, _NATIONAL, "reads the handbook"),
    # The municipality and who works there
    "places.settings": _rule(_LEAD, _TOWN, "sets its desk, rules, help points, holidays, coverage"),
    "accounts.staff": _rule(_LEAD, _TOWN, "sees who works here and who is invited"),
    "accounts.invite": _rule(_LEAD, _TOWN, "invites colleagues, changes and stops their access", asks_again=True),
    "accounts.narrow": _rule(_A, _TOWN, "narrows a clerk to settlements", asks_again=True),
    "accounts.reset_factor": _rule(_LEAD, _TOWN, "takes a colleague's lost second factor away", asks_again=True),
    "accounts.tokens": _rule(_LEAD, _OWN, "makes and revokes tokens for programs", asks_again=True),
    "webhooks.read": _rule(_LEAD, _TOWN, "reads subscriptions and what was sent"),
    "webhooks.manage": _rule(_A, _TOWN, "makes and changes subscriptions, exchanges their secrets", asks_again=True),
    # The desk
    "help_request.intake": _rule(_DESK, _PLACES, "takes a request, finds a person"),
    "help_request.read": _rule(_CARE, _PLACES, "opens a request with its person"),
    "help_request.change": _rule(_DESK, _PLACES, "mends, moves, stops, reopens; the person's details and consent"),
    "help_request.assign": _rule(_LEAD, _PLACES, "chooses by hand who goes"),
    "offer.answer_for": _rule(_DESK, _PLACES, "writes down an answer given by telephone"),
    "visit.report": _rule(_DESK, _PLACES, "writes down how a visit went"),
    "desk_task.read": _rule(_DESK, _PLACES, "sees what waits for a person"),
    "desk_task.work": _rule(_DESK, _PLACES, "takes and finishes a task"),
    "callback.work": _rule(_DESK, _TOWN, "rings back"),
    "message.words": _rule(_LEAD, _TOWN, "writes the words of messages"),
    "message.operate": _rule(_LEAD, _TOWN, "sends again, stops a message"),
    # Volunteers, as the desk sees them and for themselves
    "volunteer.read": _rule(_CARE, _TOWN, "opens a volunteer"),
    "volunteer.manage": _rule(_LEAD, _TOWN, "certifies, sets hours, ends"),
    "volunteer.sign_in": _rule(
        _LEAD, _TOWN, "changes a volunteer's telephone and e-mail, signs them out everywhere", asks_again=True
    ),
    "volunteer.rights": _rule(
        _LEAD, _TOWN, "hands a volunteer what is kept about them, erases one who left", asks_again=True
    ),
    "volunteer.self": _rule(_V, _OWN, "their profile, hours, calendar, messages"),
    "offer.answer": _rule(_V, _OWN, "says yes or no"),
    "visit.own": _rule(_V, _OWN, "sees, begins and ends a visit"),
    # One list for programs: a volunteer's own, for the desk the municipality's.
    "api.offers": _rule(_DESK | {_V}, _PLACES, "reads offers; a volunteer: their own"),
    "api.visits": _rule(_DESK | {_V}, _PLACES, "reads visits; a volunteer: their own"),
    # Planning and figures
    "planning.read": _rule(_LEAD, _TOWN, "sees the board and the last round"),
    "planning.run": _rule(_LEAD, _TOWN, "plans now, asks for advice"),
    "report.read": _rule(_LEAD, _TOWN, "reads the figures"),
    # Who watches over the others
    "person_rule.manage": _rule(_LEAD | {_S}, _PLACES, "says who should meet and who never, and why"),
    "safeguarding.read": _rule(_S, _TOWN, "sees who is kept apart and who called for help"),
    "openings.read": _rule(_LEAD, _TOWN, "sees who opened whose record, and what is unusual"),
    "person.rights": _rule(
        _DESK, _PLACES, "hands a person what is kept about them, restricts it, reminds or not", asks_again=True
    ),
    "person.erase": _rule(_LEAD, _PLACES, "erases a person who asks for it", asks_again=True),
    "keeping.terms": _rule(_A, _TOWN, "sets how long what is kept"),
    "evidence.open": _rule(_S, _TOWN, "opens sealed evidence, with a reason", asks_again=True),
    "journal.read": _rule(_X, _TOWN, "reads the journal: ids and codes"),
}


def allows(role: str | None, action: str) -> bool:
    """Whether this role may do this action. An unknown action is a programming error (KeyError)."""
    return role in POLICY[action].roles


def requires(action: str, *, post: str = "") -> Callable[[View[P]], View[P]]:
    """The page's door: signed in, a member, and the role in the table. Sets `view.policy` for the tests.

    `post`: the action that is asked for where something is sent, if it is another one.
    """
    post = post or action
    if unknown := {action, post} - POLICY.keys():
        raise KeyError(unknown.pop())

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            membership = request.membership  # type: ignore[attr-defined]
            wanted = post if request.method == "POST" else action
            if not allows(getattr(membership, "role", None), wanted):
                raise NotAllowed()
            if not POLICY[wanted].asks_again:
                return view(request, *args, **kwargs)
            posture.look(request)
            return asked_again(view)(request, *args, **kwargs)

        guarded.policy = action  # type: ignore[attr-defined]
        guarded.policy_of_post = post  # type: ignore[attr-defined]
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


def is_public(view: Any) -> bool:
    """Whether a page, or a view of the API with its own class, was marked so."""
    owner = getattr(view, "cls", None)
    return (getattr(view, "policy", None) or getattr(owner, "policy", "")) == "public"


def by_code(action: str) -> Callable[[Any], Any]:
    """Marks a page about the request of whoever gave its code and telephone; `own_page` is its guard."""
    if not POLICY[action].roles <= set(WithoutAccount):
        raise ValueError(f"{action} needs an account")

    def mark(view: Any) -> Any:
        view.policy = action
        return view

    return mark
