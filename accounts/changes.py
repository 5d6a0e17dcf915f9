"""What changes about somebody's way in. The room above that keeps the journal says how it is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from accounts.models import Membership, User

# At the machine itself, by a command.
OPERATOR = "operator"


class Change(NamedTuple):
    """`verb`, `by` and `facts` are codes and keys: „factor_set“, „user:<key>“ or OPERATOR, {"kind": "totp"}."""

    municipality_id: str
    user: User
    verb: str
    by: str
    facts: dict[str, str | int]


# Called in the transaction of the change.
KEEPERS: list[Callable[[Change, datetime], None]] = []


def keep(user: User, verb: str, *, by: User | None, now: datetime, **facts: str | int) -> None:
    """Told once in each municipality this person works or helps in. `by`: None for the operator."""
    mine = Membership.objects.active().filter(user=user).order_by("municipality_id")
    for code in mine.values_list("municipality_id", flat=True).distinct():
        keep_in(code, user, verb, by=by, now=now, **facts)


def keep_in(code: str, user: User, verb: str, *, by: User | None, now: datetime, **facts: str | int) -> None:
    """Told in this municipality alone: what changes about a role that is held there."""
    for keeper in KEEPERS:
        keeper(Change(code, user, verb, f"user:{by.pk}" if by else OPERATOR, facts), now)
