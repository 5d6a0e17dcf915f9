"""Who did it, as the journal writes it: a code and an id, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Actor:
    code: str
    user: User | None = None


BEAT = Actor("beat")
RESIDENT = Actor("resident")
PLAN = Actor("plan")


def staff(user: User) -> Actor:
    return Actor(f"user:{user.pk}", user)
