"""A volunteer's data is emptied; the row stays with badge and village, so that the past can be counted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from accounts.roles import Role
from accounts.services import closing
from notifications.models import Contact
from notifications.services import forgetting
from volunteers.models import HoursException, Lesson, Volunteer, WeeklyHours
from volunteers.states import VolunteerStatus


@transaction.atomic
def empty(volunteer: Volunteer, *, now: datetime) -> None:
    """Names, numbers, notes, hours and messages go, and the account where it has no other use."""
    contact = volunteer.contact
    others = Contact.objects.filter(municipality=volunteer.municipality_id, phone_hash=contact.phone_hash)
    shared = bool(contact.phone_hash) and others.exclude(pk=contact.pk).exists()
    forgetting.number(volunteer.municipality, contact.phone_hash, shared=shared)
    forgetting.contact(contact, now=now)
    forgetting.tasks([volunteer.pk], now=now)
    for model in (WeeklyHours, HoursException, Lesson):
        model._base_manager.filter(volunteer=volunteer).delete()
    volunteer.preferred_partners.clear()
    Volunteer.preferred_partners.through._base_manager.filter(to_volunteer=volunteer).delete()
    user = volunteer.user
    volunteer.first_name = volunteer.last_name = volunteer.note = ""
    volunteer.languages, volunteer.says_can_help, volunteer.user, volunteer.erased_at = [], [], None, now
    if volunteer.status != VolunteerStatus.LEFT:
        # Only where a restored backup knows nothing of the leaving.
        volunteer.status, volunteer.status_since = VolunteerStatus.LEFT, now
    volunteer.save()
    if user is not None:
        mine = Membership.objects.filter(user=user, municipality=volunteer.municipality_id, role=Role.VOLUNTEER)
        mine.update(active=False)
        closing.empty(user, now=now)
