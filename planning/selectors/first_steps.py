"""What a new municipality has not set up yet. Once all is there the list is empty for good."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import Invitation, Membership
from accounts.roles import Role
from core.clock import local_date
from places.models import HelpPoint, LocalHoliday, Municipality, MunicipalityRules
from volunteers.models import Certification, Volunteer

# In the order they are taken.
STEPS = ("desk", "rules", "help_points", "holidays", "staff", "volunteers", "certifications")


def missing(membership: Membership, now: datetime) -> list[str]:
    """Codes of STEPS that are still to be taken. One query."""
    here = OuterRef("pk")
    colleagues = Membership.objects.active().staff().exclude(user=membership.user_id)
    invited = Invitation.objects.open(now).exclude(role=Role.VOLUNTEER)
    certified = Certification.objects.valid_on(local_date(now))
    row = (
        Municipality.objects.filter(pk=membership.municipality_id)
        .annotate(
            rules_are=Exists(MunicipalityRules.objects.filter(municipality=here)),
            help_points_are=Exists(HelpPoint.objects.active().filter(municipality=here)),
            holidays_are=Exists(LocalHoliday.objects.filter(municipality=here)),
            staff_are=Exists(colleagues.filter(municipality=here)) | Exists(invited.filter(municipality=here)),
            volunteers_are=Exists(Volunteer.objects.filter(municipality=here)),
            certifications_are=Exists(certified.filter(volunteer__municipality=here)),
        )
        .get()
    )
    return [step for step in STEPS if not (row.phone if step == "desk" else getattr(row, f"{step}_are"))]
