"""After a visit: the person's answer to the one question, kept with the visit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.errors import DomainError, Invalid
from core.validators import no_secrets
from requests.models import Visit
from requests.services import lifecycle, locks
from requests.services.actors import RESIDENT
from requests.states import Helped, VisitState


@transaction.atomic
def answer(*, visit_id: UUID, helped: str, words: str = "", now: datetime) -> Visit:
    """Whether it helped; the last word stands. Raises Invalid, DomainError (`not_done`), ValidationError."""
    if helped not in Helped.values:
        raise Invalid(code="invalid", field="helped")
    no_secrets(words)
    visit = _done(visit_id)
    first = not visit.helped
    visit.helped, visit.said_at = helped, now
    if words:
        visit.said = words
    visit.save(update_fields=["helped", "said", "said_at", "updated_at"])
    if first:
        _journal(visit, now)
    return visit


@transaction.atomic
def said(*, visit_id: UUID, words: str, now: datetime) -> None:
    """Words in place of a yes or a no, as they came by SMS: already masked where they held a forbidden number."""
    visit = _done(visit_id)
    visit.said = "\n".join(part for part in (visit.said, words) if part)[-2000:]
    visit.said_at = now
    visit.save(update_fields=["said", "said_at", "updated_at"])
    _journal(visit, now)


def _done(visit_id: UUID) -> Visit:
    visit = locks.visit(visit_id)
    if visit.state != VisitState.DONE:
        raise DomainError(code="not_done")
    return visit


def _journal(visit: Visit, now: datetime) -> None:
    lifecycle.journal(visit.help_request, verb="answered", actor=RESIDENT, now=now, subject=visit, subject_type="visit")
