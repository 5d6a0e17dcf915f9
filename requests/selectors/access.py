"""The only doors from a page or an endpoint to a row with personal data.

Another municipality's row, or somebody else's visit, does not exist: Http404.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Membership
from core.phones import phone_hash
from requests.models import HelpRequest, Offer, Resident, Visit
from requests.tracking import tracking_hash
from volunteers.models import Volunteer


def _one(rows: QuerySet, **where: object):  # type: ignore[no-untyped-def, type-arg]
    row = rows.filter(**where).first()
    if row is None:
        raise Http404
    return row


def visible_requests(membership: Membership) -> QuerySet[HelpRequest]:
    """The requests this member of staff may see: their municipality, or their kmetstvo where narrowed."""
    rows = HelpRequest.objects.filter(municipality_id=membership.municipality_id)
    narrowed = [settlement.pk for settlement in membership.settlements.all()]
    if narrowed:
        rows = rows.filter(resident__settlement_id__in=narrowed)
    return rows.select_related(
        "resident__settlement", "resident__contact", "service", "help_point__settlement", "escort_to", "follows"
    )


def visible_residents(membership: Membership) -> QuerySet[Resident]:
    rows = Resident.objects.filter(municipality_id=membership.municipality_id)
    narrowed = [settlement.pk for settlement in membership.settlements.all()]
    if narrowed:
        rows = rows.filter(settlement_id__in=narrowed)
    return rows.select_related("settlement", "contact")


def access_help_request(membership: Membership, pk: UUID) -> HelpRequest:
    found: HelpRequest = _one(visible_requests(membership).select_related("municipality"), pk=pk)
    return found


def access_resident(membership: Membership, pk: UUID) -> Resident:
    found: Resident = _one(visible_residents(membership).select_related("municipality"), pk=pk)
    return found


def access_offer_for_staff(membership: Membership, pk: UUID) -> Offer:
    rows = Offer.objects.filter(help_request__in=visible_requests(membership).values("pk"))
    found: Offer = _one(rows.select_related("help_request__resident__settlement", "volunteer__contact"), pk=pk)
    return found


def access_visit_for_staff(membership: Membership, pk: UUID) -> Visit:
    rows = Visit.objects.filter(help_request__in=visible_requests(membership).values("pk"))
    found: Visit = _one(rows.select_related("help_request__resident__settlement"), pk=pk)
    return found


def volunteer_of(membership: Membership) -> Volunteer:
    """The volunteer who is signed in here."""
    rows = Volunteer.objects.select_related("home", "contact", "municipality")
    found: Volunteer = _one(rows, user_id=membership.user_id, municipality_id=membership.municipality_id)
    return found


def access_own_offer(volunteer: Volunteer, pk: UUID) -> Offer:
    rows = Offer.objects.filter(volunteer=volunteer).select_related(
        "help_request__resident__settlement",
        "help_request__resident__contact",
        "help_request__service",
        "help_request__help_point__settlement",
        "help_request__municipality",
    )
    found: Offer = _one(rows, pk=pk)
    return found


def access_own_visit(volunteer: Volunteer, pk: UUID) -> Visit:
    """A visit in which this volunteer has, or had and kept, a seat. A released seat opens nothing."""
    rows = Visit.objects.filter(seats__volunteer=volunteer, seats__live=True).select_related(
        "help_request__resident__settlement",
        "help_request__resident__contact",
        "help_request__service",
        "help_request__help_point__settlement",
        "help_request__municipality",
    )
    found: Visit = _one(rows, pk=pk)
    return found


def by_tracking_code(code: str, phone_e164: str) -> HelpRequest | None:
    """A request by its code and the phone it belongs to: the person's own or that of who asked."""
    help_request = (
        HelpRequest.objects.filter(tracking_hash=tracking_hash(code))
        .select_related(
            "resident__settlement", "resident__contact", "service", "municipality", "help_point__settlement"
        )
        .first()
    )
    if help_request is None:
        return None
    known = {help_request.resident.contact.phone_hash, help_request.asker_phone_hash} - {""}
    return help_request if phone_hash(phone_e164) in known else None


def by_session(key: str) -> HelpRequest | None:
    """The request a visitor's session was bound to after code and phone, or after asking. Never from an address."""
    rows = HelpRequest.objects.select_related(
        "resident__settlement", "resident__contact", "service", "municipality", "help_point__settlement", "escort_to"
    )
    return rows.filter(pk=key).first()
