"""The lease of a municipality's planning desk: one round at a time, and a dead one blocks nobody for long."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from places.models import Municipality
from planning.models import PlanningDesk

LEASE = timedelta(minutes=3)


def claim(municipality: Municipality, *, now: datetime) -> datetime | None:
    """The instant until which the desk is ours; None where a round holds it."""
    PlanningDesk.objects.get_or_create(municipality=municipality)
    free = PlanningDesk.objects.filter(municipality=municipality).filter(Q(lease_until=None) | Q(lease_until__lte=now))
    # A round whose parts held it until now is overtaken.
    return now + LEASE if free.update(lease_until=now + LEASE, parts_of=None) else None


def release(municipality: Municipality, lease: datetime, *, planned_at: datetime, token: str) -> None:
    """Give back one's own lease only: a round that took too long leaves the next one's alone."""
    mine = PlanningDesk.objects.filter(municipality=municipality, lease_until=lease, parts_of=None)
    mine.update(lease_until=None, planned_at=planned_at, change_token=token)


def hand_to_parts(
    municipality: Municipality, lease: datetime, plan_round: UUID, *, until: datetime, planned_at: datetime, token: str
) -> bool:
    """The round keeps the desk for its parts. False where the lease is no longer its own."""
    mine = PlanningDesk.objects.filter(municipality=municipality, lease_until=lease, parts_of=None)
    return bool(mine.update(lease_until=until, parts_of=plan_round, planned_at=planned_at, change_token=token))


def renew_for_parts(plan_round: UUID, *, now: datetime) -> bool:
    """Whether no newer round has claimed the desk since; then it is held for a join's time."""
    return bool(PlanningDesk.objects.filter(parts_of=plan_round).update(lease_until=now + LEASE))


def release_from_parts(plan_round: UUID) -> None:
    PlanningDesk.objects.filter(parts_of=plan_round).update(lease_until=None, parts_of=None)


def later(now: datetime, began: float) -> datetime:
    """`now` as it is after the seconds that went by since the monotonic instant `began`."""
    return now + timedelta(seconds=time.monotonic() - began)
