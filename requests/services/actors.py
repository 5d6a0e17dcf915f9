"""Who did it, as the journal writes it: a code and an id, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from requests.states import AnswerChannel


@dataclass(frozen=True)
class Actor:
    code: str
    user: User | None = None
    # How an answer of theirs came in.
    channel: str = AnswerChannel.APP


BEAT = Actor("beat")
RESIDENT = Actor("resident")
PLAN = Actor("plan")


def staff(user: User) -> Actor:
    return Actor(f"user:{user.pk}", user)


def by_sms(volunteer_id: UUID) -> Actor:
    """A volunteer who answered by SMS, from the number that was asked."""
    return Actor(f"volunteer:{volunteer_id}", channel=AnswerChannel.SMS)
