"""Whose telephone or e-mail it is that somebody signs in with, and that they did: for `accounts.finding`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.finding import Reached
from accounts.models import User
from core.phones import takes_sms
from volunteers import notices
from volunteers.models import Volunteer, VolunteerQuerySet
from volunteers.services.applications import open_sign_in
from volunteers.states import VolunteerStatus


@transaction.atomic
def reached_by(phone: str, email: str, now: datetime) -> list[Reached]:
    """Volunteers whose telephone (its keyed hash) or sign-in e-mail this is, oldest first.

    Whoever was taken in with a mobile and no e-mail before that was a way in, gets it here: nobody at the desk has to
    save them anew.
    """
    rows = Volunteer.objects.filter(erased_at=None).exclude(status=VolunteerStatus.LEFT)
    if phone:
        rows = rows.filter(contact__phone_hash=phone)
        _open_what_is_missing(rows, now)
    else:
        rows = rows.filter(user__email=email)
    found = rows.filter(user__is_active=True).select_related("user", "contact", "municipality").order_by("created_at")
    return [Reached(row.user, row.contact, called(row)) for row in found if row.user is not None]


def came_in(user: User, device: str, now: datetime) -> None:
    """Each sign-in is told to the volunteer; once to who helps in several municipalities."""
    rows = Volunteer.objects.filter(user=user, erased_at=None).exclude(status=VolunteerStatus.LEFT)
    first = rows.select_related("contact", "municipality").order_by("created_at").first()
    if first is not None:
        notices.signed_in(volunteer=first, device=device, now=now)


def called(volunteer: Volunteer) -> str:
    """„Иванка Д., Радомир № 104“: no more of a name than two on one telephone know of each other anyway."""
    initial = f" {volunteer.last_name[0]}." if volunteer.last_name else ""
    return f"{volunteer.first_name}{initial}, {volunteer.municipality.name} №\N{NO-BREAK SPACE}{volunteer.badge}"


def _open_what_is_missing(rows: VolunteerQuerySet, now: datetime) -> None:
    without = rows.filter(user=None).exclude(status=VolunteerStatus.APPLIED)
    for volunteer in without.select_for_update(of=("self",)).select_related("contact", "municipality"):
        # With an e-mail it may be somebody else's account: that is for the desk to see.
        if takes_sms(volunteer.contact.phone) and not volunteer.contact.email:
            open_sign_in(volunteer=volunteer, by=None, now=now)
