"""Who must be rung back, and who that may be: the number belongs to people we know, or to nobody yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Membership
from notifications.models import Callback
from requests.models import HelpRequest, Resident
from requests.selectors.access import visible_requests, visible_residents
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Caller:
    """A number's people: the residents and volunteers it belongs to, and the newest request that names it."""

    residents: list[Resident] = field(default_factory=list)
    volunteers: list[Volunteer] = field(default_factory=list)
    # Asked for somebody else from this number.
    asked: HelpRequest | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.residents or self.volunteers or self.asked)


def waiting(membership: Membership) -> QuerySet[Callback]:
    """The municipality's whole queue, whoever has waited longest for their time first."""
    rows = Callback.objects.open().filter(municipality=membership.municipality_id)
    return rows.select_related("holder").order_by("due_at", "pk")


def held_by(membership: Membership, now: datetime) -> list[Callback]:
    return list(waiting(membership).filter(holder=membership.user_id, lease_until__gt=now))


def calling_back(membership: Membership, now: datetime) -> int:
    """How many should be rung by now."""
    return waiting(membership).filter(due_at__lte=now).count()


def access_callback(membership: Membership, pk: UUID) -> Callback:
    """The door to one, open or done. Another municipality's does not exist: Http404."""
    rows = Callback.objects.filter(municipality=membership.municipality_id).select_related("holder")
    row = get_object_or_404(rows, pk=pk)
    return row


def callers(membership: Membership, hashes: Iterable[str]) -> dict[str, Caller]:
    """By the number's hash, in three queries however many there are. Unknown numbers are left out."""
    wanted = {one for one in hashes if one}
    found: dict[str, Caller] = defaultdict(Caller)
    for resident in visible_residents(membership).filter(contact__phone_hash__in=wanted).order_by("created_at"):
        found[resident.contact.phone_hash].residents.append(resident)
    people = Volunteer.objects.filter(municipality=membership.municipality_id, contact__phone_hash__in=wanted)
    for volunteer in people.select_related("contact").order_by("badge"):
        found[volunteer.contact.phone_hash].volunteers.append(volunteer)
    asked = visible_requests(membership).filter(asker_phone_hash__in=wanted).order_by("created_at")
    for help_request in asked:
        known = found[help_request.asker_phone_hash]
        found[help_request.asker_phone_hash] = Caller(known.residents, known.volunteers, help_request)
    return dict(found)
