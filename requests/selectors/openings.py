"""Reading that looked unusual, for who asks about it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Membership, User
from requests.models import UnusualReading


def unusual(membership: Membership) -> QuerySet[UnusualReading]:
    """Of this municipality, the newest day first."""
    return UnusualReading.objects.filter(municipality=membership.municipality_id).order_by("-day", "-id")


def names_of(readers: Iterable[UUID]) -> dict[UUID, str]:
    return {user.pk: user.get_full_name() or user.mail for user in User.objects.filter(pk__in=list(readers))}
