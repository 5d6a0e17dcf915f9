"""Reads: the one door to a volunteer's row, lists, who may help with what, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Membership
from accounts.roles import Role
from core.opened import note
from places.models import Municipality
from volunteers.hours import FreeInterval, free_intervals
from volunteers.models import Certification, HoursException, Lesson, Volunteer, WeeklyHours
from volunteers.states import VolunteerStatus


def visible_volunteers(membership: Membership) -> QuerySet[Volunteer]:
    """The rows this membership may see: its municipality's, and a volunteer only their own."""
    rows = Volunteer.objects.filter(municipality_id=membership.municipality_id)
    if membership.role == Role.VOLUNTEER:
        rows = rows.filter(user_id=membership.user_id)
    return rows.select_related("municipality", "home", "contact", "user")


def access_volunteer(membership: Membership, pk: UUID) -> Volunteer:
    """The only door from a page or an endpoint to a volunteer's row. Raises Http404."""
    volunteer = get_object_or_404(visible_volunteers(membership), pk=pk)
    note("volunteer", volunteer.pk, person=volunteer.pk, settlement=volunteer.home_id)
    return volunteer


def own_volunteer(membership: Membership) -> Volunteer:
    """The volunteer who is signed in. Raises Http404."""
    volunteer = visible_volunteers(membership).filter(user_id=membership.user_id).first()
    if volunteer is None:
        raise Http404
    return volunteer


def access_certification(volunteer: Volunteer, pk: int) -> Certification:
    """One of this volunteer's certifications. Raises Http404."""
    certification = get_object_or_404(volunteer.certifications.select_related("service_group"), pk=pk)
    certification.volunteer = volunteer
    return certification


def volunteers_for(
    membership: Membership,
    day: date,
    *,
    status: str = "",
    service_group: str = "",
    settlement: str = "",
) -> QuerySet[Volunteer]:
    """The list, each row with `valid_certifications` of that day. Without a status: all who have not left."""
    rows = visible_volunteers(membership)
    rows = rows.filter(status=status) if status else rows.exclude(status=VolunteerStatus.LEFT)
    if settlement:
        rows = rows.filter(home_id=settlement)
    if service_group:
        certified = Certification.objects.valid_on(day).filter(service_group_id=service_group)
        rows = rows.filter(pk__in=certified.values("volunteer_id"))
    return rows.order_by("badge").prefetch_related(_valid(day))


def _valid(day: date) -> Prefetch[str, QuerySet[Certification], str]:
    valid = Certification.objects.valid_on(day).select_related("service_group").order_by("service_group__order")
    return Prefetch("certifications", queryset=valid, to_attr="valid_certifications")


def live_certifications(volunteer: Volunteer) -> QuerySet[Certification]:
    """Not revoked, also those whose time is over: the coordinator renews them."""
    rows = volunteer.certifications.filter(revoked_at=None).select_related("service_group", "granted_by")
    return rows.order_by("service_group__order", "service_group_id")


def certified_groups(volunteers: Iterable[Volunteer], day: date) -> dict[UUID, set[str]]:
    """Volunteer → codes of the service groups certified on that day; one query for any number."""
    found: dict[UUID, set[str]] = {volunteer.pk: set() for volunteer in volunteers}
    rows = Certification.objects.valid_on(day).filter(volunteer_id__in=found)
    for volunteer_id, group in rows.values_list("volunteer_id", "service_group_id"):
        found[volunteer_id].add(group)
    return found


def free_times(volunteer: Volunteer, first: date, days: int) -> list[FreeInterval]:
    """When this volunteer is free on `days` local days from `first`."""
    return free_times_of([volunteer], first, days)[volunteer.pk]


def free_times_of(volunteers: Iterable[Volunteer], first: date, days: int) -> dict[UUID, list[FreeInterval]]:
    """The same for many, in two queries."""
    keys = [volunteer.pk for volunteer in volunteers]
    weekly: dict[UUID, list[WeeklyHours]] = defaultdict(list)
    for hours in WeeklyHours.objects.filter(volunteer_id__in=keys):
        weekly[hours.volunteer_id].append(hours)
    different: dict[UUID, list[HoursException]] = defaultdict(list)
    for exception in HoursException.objects.filter(volunteer_id__in=keys, day__gte=first):
        different[exception.volunteer_id].append(exception)
    return {key: free_intervals(weekly[key], different[key], first, days) for key in keys}


def coming_exceptions(volunteer: Volunteer, today: date) -> list[HoursException]:
    return list(volunteer.exceptions.filter(day__gte=today))


def possible_partners(volunteer: Volunteer) -> QuerySet[Volunteer]:
    """Others of the municipality who have not left and are not preferred yet, by badge."""
    chosen = volunteer.preferred_partners.values("pk")
    rows = Volunteer.objects.filter(municipality_id=volunteer.municipality_id)
    rows = rows.exclude(status__in=[VolunteerStatus.LEFT, VolunteerStatus.APPLIED])
    return rows.exclude(pk=volunteer.pk).exclude(pk__in=chosen).order_by("badge")


def sharing_the_way_in(volunteer: Volunteer) -> list[Volunteer]:
    """Who else here chooses their name after a code to this telephone: neither those who left nor applicants."""
    without = (VolunteerStatus.APPLIED, VolunteerStatus.LEFT)
    return [one for one in others_with_the_phone(volunteer) if one.status not in without]


def others_with_the_phone(volunteer: Volunteer) -> list[Volunteer]:
    """Who else here gave this phone: a shared phone, or the same person twice."""
    if not volunteer.contact.phone_hash:
        return []
    rows = Volunteer.objects.filter(
        municipality_id=volunteer.municipality_id, contact__phone_hash=volunteer.contact.phone_hash
    )
    return list(rows.exclude(pk=volunteer.pk).order_by("badge"))


def places_to_apply() -> list[Municipality]:
    """Municipalities whose volunteers one can join."""
    return list(Municipality.objects.active())


def certified_now(volunteer: Volunteer, day: date) -> list[Certification]:
    """Valid on that day, with the group's name."""
    rows = volunteer.certifications.valid_on(day).select_related("service_group")
    return list(rows.order_by("service_group__order", "service_group_id"))


def lessons_of(municipality: Municipality, day: date) -> dict[UUID, list[Lesson]]:
    """Volunteer → what their noes taught that still stands on that day; one query."""
    found: dict[UUID, list[Lesson]] = defaultdict(list)
    rows = Lesson.objects.live(day).filter(volunteer__municipality=municipality)
    for lesson in rows.select_related("service_group"):
        found[lesson.volunteer_id].append(lesson)
    return found


def own_lessons(volunteer: Volunteer, day: date) -> list[Lesson]:
    """What stands, with the group's name."""
    return list(Lesson.objects.live(day).filter(volunteer=volunteer).select_related("service_group"))
