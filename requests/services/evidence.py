"""The sealed store: what must be shown later although the person's data is gone. Opened with a reason, and noted."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.clock import local_date
from core.errors import Invalid
from core.validators import no_secrets
from places.models import Municipality
from requests.models import Evidence, EvidenceOpening, KeepingTerms
from requests.states import EvidenceKind

SHORTEST_REASON = 10


def terms_of(municipality: Municipality | None) -> KeepingTerms:
    """What this municipality set, or the defaults."""
    found = KeepingTerms.objects.filter(municipality=municipality).first() if municipality else None
    return found or KeepingTerms(municipality=municipality)


def put_away(
    *, municipality: Municipality, kind: EvidenceKind, person_id: UUID, body: dict[str, Any], now: datetime
) -> Evidence:
    """Seal it under the store's own key."""
    years = terms_of(municipality).evidence_years
    row = Evidence(municipality=municipality, kind=kind, person_id=person_id, keep_until=_years_on(now, years))
    row.body = json.dumps(body, ensure_ascii=False, sort_keys=True)
    row.save(force_insert=True)
    return row


@transaction.atomic
def open_(*, evidence: Evidence, by: User, reason: str, now: datetime) -> dict[str, Any]:
    """What was put away. Raises Invalid without a reason; the opening is noted with it."""
    reason = reason.strip()
    no_secrets(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid(_("Напишете защо го отваряте."), code="reason", field="reason")
    EvidenceOpening.objects.create(evidence=evidence, at=now, reader_id=by.pk, reason=reason[:200])
    found: dict[str, Any] = json.loads(evidence.body)
    return found


def over(*, today: date, dry: bool) -> int:
    """What was kept long enough goes."""
    rows = Evidence.objects.filter(keep_until__lt=today)
    count = rows.count()
    if not dry:
        rows.delete()
    return count


def _years_on(now: datetime, years: int) -> date:
    day = local_date(now)
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)
