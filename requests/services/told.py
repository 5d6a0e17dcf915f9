"""A visit told by telephone: the volunteer has no signal, or no phone that can, and the desk writes it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests.models import Visit
from requests.services import lifecycle, visits
from requests.services.actors import Actor
from requests.states import VisitState


@transaction.atomic
def record(
    *,
    visit_id: UUID,
    outcome: str,
    minutes: int,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Visit:
    """Check-in, where it was not made, and check-out in one. `minutes` on the spot, as told. Errors of both."""
    if _not_begun(visit_id):
        visits.check_in(visit_id=visit_id, actor=actor, now=now)
    visit = visits.check_out(
        visit_id=visit_id, outcome=outcome, minutes=minutes, before=before, after=after, note=note, actor=actor, now=now
    )
    lifecycle.journal(
        visit.help_request, verb="told_by_phone", actor=actor, now=now, subject=visit, subject_type="visit"
    )
    return visit


def _not_begun(visit_id: UUID) -> bool:
    state = Visit.objects.filter(pk=visit_id).values_list("state", flat=True).first()
    return state not in (VisitState.CHECKED_IN, VisitState.DONE)
