"""Whose telephone or e-mail this is. The rooms above, which know how people are reached, say it when they start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from accounts.models import Membership, User
from core.errors import Invalid
from core.phones import normalise, phone_hash
from notifications.models import Contact


class Reached(NamedTuple):
    """A person and how they are reached; `called` tells them from whoever shares the telephone."""

    user: User
    contact: Contact
    called: str


# Given the keyed hash of a telephone, or an e-mail in small letters (the other one is empty), and the time.
FINDERS: list[Callable[[str, str, datetime], Iterable[Reached]]] = []

# Told of each sign-in by password or code: whose, the browser in words („“ where it names none), and the time.
CAME_IN: list[Callable[[User, str, datetime], None]] = []


def tidy(typed: str) -> str:
    """The e-mail in small letters, or the telephone as E.164. Raises Invalid."""
    typed = typed.strip()
    return typed.lower() if "@" in typed else normalise(typed)


def who(typed: str, *, now: datetime) -> list[Reached]:
    """Who signs in with a code to this telephone or e-mail; `typed` is tidy. More than one where a telephone is shared.

    Nobody for a stranger, and never whoever works at a desk: staff sign in with their password.
    """
    if "@" in typed:
        return _signing_in("", typed, now)
    try:
        return of_number(phone_hash(normalise(typed)), now=now)
    except Invalid:
        return []


def of_number(phone: str, *, now: datetime) -> list[Reached]:
    """The same for the keyed hash of a telephone."""
    return _signing_in(phone, "", now)


def _signing_in(phone: str, email: str, now: datetime) -> list[Reached]:
    """Each person once."""
    found: dict[UUID, Reached] = {}
    for finder in FINDERS:
        for one in finder(phone, email, now):
            found.setdefault(one.user.pk, one)
    mine = Membership.objects.active().filter(user__in=found)
    members, staff = (set(rows.values_list("user_id", flat=True)) for rows in (mine, mine.staff()))
    return [one for key, one in found.items() if key in members - staff]
