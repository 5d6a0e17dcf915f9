"""What a coordinator vouches for. Matching reads these rows and nothing a volunteer says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import ServiceGroup
from core.clock import local_date
from core.errors import IllegalMove, Invalid
from volunteers.models import Certification, Volunteer
from volunteers.services.rows import locked, touch

LONGEST_YEARS = 3


@transaction.atomic
def grant(
    *, volunteer: Volunteer, service_group: ServiceGroup, granted_by: User, valid_until: date, now: datetime
) -> Certification:
    """Certify for one group from today. One that is live is replaced, so that the old dates stay readable.

    Raises Invalid (`valid_until`).
    """
    today = local_date(now)
    _check(today, valid_until)
    row = locked(volunteer.pk)
    row.certifications.filter(service_group=service_group, revoked_at=None).update(revoked_at=now)
    certification = Certification.objects.create(
        volunteer=row,
        service_group=service_group,
        granted_by=granted_by,
        valid_from=today,
        valid_until=valid_until,
    )
    touch(volunteer, now)
    return certification


@transaction.atomic
def renew(*, certification: Certification, granted_by: User, valid_until: date, now: datetime) -> Certification:
    """The same group with a later end, vouched for by whoever renews. Raises Invalid, IllegalMove."""
    if valid_until <= certification.valid_until:
        raise Invalid(_("Изберете по-късен ден от сегашния."), code="valid_until", field="valid_until")
    if certification.revoked_at is not None:
        raise IllegalMove()
    return grant(
        volunteer=certification.volunteer,
        service_group=certification.service_group,
        granted_by=granted_by,
        valid_until=valid_until,
        now=now,
    )


@transaction.atomic
def revoke(*, certification: Certification, now: datetime) -> None:
    """End it now; said twice, the second changes nothing."""
    if Certification.objects.filter(pk=certification.pk, revoked_at=None).update(revoked_at=now):
        certification.revoked_at = now
        touch(certification.volunteer, now)


def _check(today: date, valid_until: date) -> None:
    if valid_until < today:
        raise Invalid(_("Изберете ден, който още не е минал."), code="valid_until", field="valid_until")
    if valid_until > today + timedelta(days=366 * LONGEST_YEARS):
        raise Invalid(_("Удостоверяваме за най-много три години."), code="valid_until", field="valid_until")
