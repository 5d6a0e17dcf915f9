"""Who may be chosen for a visit the planner cannot place: a village without coordinates has no way to count."""

from __future__ import annotations

from datetime import datetime

from core.clock import local_date
from requests.models import HelpRequest, Offer, PersonRule, Visit
from requests.selectors.refusals import said_no
from requests.states import RuleKind
from volunteers.models import Certification, Volunteer
from volunteers.states import VolunteerStatus


def able(help_request: HelpRequest, *, now: datetime) -> tuple[list[Volunteer], datetime | None]:
    """Active, certified people who speak the language and have not said no, by name; and the hour that stands.

    The hour is that of the visit the first of two has accepted, None where there is none.
    """
    visit = Visit.objects.live().filter(help_request=help_request, attempt=help_request.attempt).first()
    rows = Volunteer.objects.filter(municipality=help_request.municipality_id, status=VolunteerStatus.ACTIVE)
    if help_request.service is not None:
        valid = Certification.objects.valid_on(local_date(now))
        rows = rows.filter(pk__in=valid.filter(service_group=help_request.service.group_id).values("volunteer"))
    away = said_no([help_request.pk])[help_request.pk]
    away |= set(_of(PersonRule.objects.filter(resident=help_request.resident_id, kind=RuleKind.BLOCKED)))
    away |= set(_of(Offer.objects.live().filter(help_request=help_request)))
    if visit is not None:
        away |= set(_of(visit.seats.filter(live=True)))
    found = [
        person
        for person in rows.exclude(pk__in=away).select_related("home", "contact")
        if help_request.language in (person.languages or ["bg"])
    ]
    return sorted(found, key=lambda person: person.name), visit.start if visit else None


def _of(rows):  # type: ignore[no-untyped-def]
    return rows.values_list("volunteer_id", flat=True)
