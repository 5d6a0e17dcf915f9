"""Whose telephone or e-mail this is. The rooms above, which know how people are reached, say it when they start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from accounts.models import Membership, User
from core.errors import Invalid
from core.phones import normalise, phone_hash
from notifications.models import Contact


class Reached(NamedTuple):
    user: User
    contact: Contact


# Given the keyed hash of a telephone, or an e-mail in small letters (the other one is empty).
FINDERS: list[Callable[[str, str], Iterable[Reached]]] = []


def tidy(typed: str) -> str:
    """The e-mail in small letters, or the telephone as E.164. Raises Invalid."""
    typed = typed.strip()
    return typed.lower() if "@" in typed else normalise(typed)


def who(typed: str) -> Reached | None:
    """The one person who signs in with a code from this telephone or e-mail; `typed` is tidy.

    None for a stranger, for a telephone that two people share, and for whoever works at a desk: staff sign in with
    their password.
    """
    by_mail = "@" in typed
    try:
        phone, email = ("", typed) if by_mail else (phone_hash(normalise(typed)), "")
    except Invalid:
        return None
    found = [one for finder in FINDERS for one in finder(phone, email)]
    if len({one.user.pk for one in found}) != 1:
        return None
    mine = Membership.objects.active().filter(user=found[0].user)
    if mine.staff().exists() or not mine.exists():
        return None
    return found[0]
