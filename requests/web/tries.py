"""Guessing codes is slowed down: five wrong tries from one address, ten for one telephone, then a pause."""

from __future__ import annotations

from django.http import HttpRequest

from core.phones import phone_hash
from core.tries import Tries
from requests.models import HelpRequest
from requests.selectors.access import by_tracking_code

MOST = 5
WRONG_CODES = Tries("track", MOST, 15 * 60)
# Whoever asks from many addresses about one person.
WRONG_FOR_PHONE = Tries("track-phone", 2 * MOST, 60 * 60)
TOO_MANY, NOT_FOUND, FOUND = "too_many", "not_found", "found"


def opened(request: HttpRequest, code: str, phone: str) -> tuple[HelpRequest | None, str]:
    """The request of this code and phone, and what came of it. Counted first: two at once are two tries."""
    number = phone_hash(phone)
    if not (WRONG_CODES.take(request) & WRONG_FOR_PHONE.take(number)):
        return None, TOO_MANY
    found = by_tracking_code(code, phone)
    if found is None:
        return None, NOT_FOUND
    WRONG_CODES.forget(request)
    WRONG_FOR_PHONE.forget(number)
    return found, FOUND
