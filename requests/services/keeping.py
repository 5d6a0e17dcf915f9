"""Every night: what was kept long enough goes. A dry run only counts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Max, Q

from accounts.services import closing, devices
from core.clock import local_date
from core.errors import DomainError
from core.models import IdempotencyRecord
from notifications.services import forgetting
from places.models import Municipality
from requests.models import Agreement, HelpRequest, KeepingRun, KeepingTerms, Opening, Resident, UnusualReading
from requests.services import erasure, evidence
from requests.states import AgreementKind
from volunteers.models import Volunteer
from volunteers.states import VolunteerStatus

MONTH = timedelta(days=365) / 12
INVITATIONS = timedelta(days=365)
IDEMPOTENCY = timedelta(days=2)


def run(*, now: datetime, dry: bool = False) -> dict[str, int]:
    """Counts by what was done, or would be. Twice in a night, the second finds nothing."""
    counts: Counter[str] = Counter()
    for municipality in Municipality.objects.filter(active=True):
        counts.update(_of(municipality, now, dry))
    counts["files"] = forgetting.old_files(now=now, dry=dry)
    counts["evidence"] = evidence.over(today=local_date(now), dry=dry)
    counts["invitations"] = closing.old_invitations(before=now - INVITATIONS, dry=dry)
    for name, rows in (
        ("sessions", Session.objects.filter(expire_date__lt=now)),
        ("repeats", IdempotencyRecord.objects.filter(created_at__lt=now - IDEMPOTENCY)),
    ):
        counts[name] = rows.count()
        if not dry:
            rows.delete()
    counts["devices"] = devices.over(now=now, dry=dry)
    if not dry:
        KeepingRun.objects.create(at=now, counts=dict(counts))
    return dict(counts)


def _of(municipality: Municipality, now: datetime, dry: bool) -> Counter[str]:
    terms = evidence.terms_of(municipality)
    counts: Counter[str] = Counter()
    for person in residents_over(municipality, now):
        counts["residents"] += _erased(person, now, dry)
    left = Volunteer.objects.filter(
        municipality=municipality, status=VolunteerStatus.LEFT, erased_at=None,
        status_since__lt=now - terms.volunteer_months * MONTH,
    )  # fmt: skip
    for helper in left:
        counts["volunteers"] += dry or bool(erasure.erase_volunteer(volunteer=helper, because=erasure.TERM, now=now))
    counts.update(forgetting.old_texts(municipality, before=now - timedelta(days=terms.text_days), dry=dry))
    counts.update(forgetting.old_rows(municipality, now=now, dry=dry))
    before = now - terms.opening_months * MONTH
    openings = Opening.objects.filter(municipality=municipality, at__lt=before)
    unusual = UnusualReading.objects.filter(municipality=municipality, last_at__lt=before)
    counts["openings"] += openings.count() + unusual.count()
    if not dry:
        openings.delete()
        unusual.delete()
    return counts


def residents_over(municipality: Municipality, now: datetime) -> list[Resident]:
    """Whose last request, or registration, is older than the term; never with a live request."""
    terms = evidence.terms_of(municipality)
    live = HelpRequest.objects.live().values("resident_id")
    rows = Resident.objects.of(municipality).filter(erased_at=None).exclude(pk__in=live)
    rows = rows.annotate(last=Max("help_requests__created_at"), ended=Max("help_requests__ended_at"))
    than = now - terms.contact_months * MONTH
    older = Q(last__lt=than) & (Q(ended=None) | Q(ended__lt=than)) | Q(last=None, created_at__lt=than)
    found = list(rows.filter(older))
    said = Agreement.objects.live().filter(kind=AgreementKind.REMIND, resident__in=found)
    months = dict(said.values_list("resident_id", "months"))
    return [person for person in found if not _reminded(person, months, terms, now)]


def _reminded(person: Any, months: dict[UUID, int | None], terms: KeepingTerms, now: datetime) -> bool:
    """Whether they agreed to be kept longer: never longer than they were told, nor than the municipality does now."""
    if person.pk not in months:
        return False
    told = months[person.pk]
    allowed = terms.reminded_months if told is None else min(told, terms.reminded_months)
    newest: datetime = max(filter(None, (person.last, person.ended))) if person.last else person.created_at
    return newest >= now - allowed * MONTH


def _erased(person: Resident, now: datetime, dry: bool) -> int:
    if dry:
        return 1
    try:
        return int(erasure.erase_resident(resident=person, because=erasure.TERM, now=now) is not None)
    except DomainError:
        # Somebody asked for them this very minute: the next night looks again.
        return 0
