"""Every sign-in and failed try is written down, in codes: whose, by which ways, from where. Never what was typed."""

from __future__ import annotations

import logging

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from accounts.models import User
from core.refusals import shortened
from core.tries import address

logger = logging.getLogger("security")
# Of the demonstration, and of an invitation that set the password a moment ago.
BY_LINK = "link"


def came_in(request: HttpRequest, user: User) -> None:
    _tell(request, "signed_in", str(user.pk), ways(request, user))


def gave_again(request: HttpRequest, user: User, way: str) -> None:
    _tell(request, "confirmed", str(user.pk), way)


def failed(request: HttpRequest, *, way: str, who: str) -> None:
    """`who`: the key of whose it was tried for; where nobody is looked up, `shortened` what was typed."""
    _tell(request, "sign_in_failed", who, way, level=logging.WARNING)


def ways(request: HttpRequest, user: User) -> str:
    """„password+mfa“: what this session has shown, in its order."""
    given = [str(one.get("method")) for one in get_authentication_records(request, user)]
    return "+".join(given) or BY_LINK


def _tell(request: HttpRequest, event: str, who: str, way: str, level: int = logging.INFO) -> None:
    where = shortened(address(request))
    told = {"event": event, "user": who, "way": way, "address": where}
    logger.log(level, "%s %s by %s from %s", event, who, way, where, extra=told)
