"""Whoever is refused is written down: what, where, who and from where, in codes. Two together tell an attempt."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.crypto import lookup_hash
from core.logs import route
from core.tries import address

logger = logging.getLogger("security")
# Not signed in, not allowed (also a form of another site), larger than any form or address, too many.
REFUSED = (401, 403, 413, 414, 429)
# Enough to tell two addresses apart in a log.
SHOWN = 12


class RefusalsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSED:
            note(request, response.status_code)
        return response


def shortened(text: str) -> str:
    """An address, or what somebody typed, as a log tells it."""
    return lookup_hash(text, purpose="log")[:SHOWN]


def note(request: HttpRequest, status: int) -> None:
    user = getattr(request, "user", None)
    who = str(user.pk) if user is not None and user.is_authenticated else "stranger"
    where = shortened(address(request))
    told = {"event": "refused", "status": status, "route": route(request), "user": who, "address": where}
    logger.warning("refused %d %s %s for %s from %s", status, request.method, told["route"], who, where, extra=told)
