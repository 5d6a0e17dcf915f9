"""The only doors from a page or an endpoint to a row with personal data.

Another municipality's row, or somebody else's visit, does not exist: Http404.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils.crypto import constant_time_compare

from accounts.models import Membership
from core.opened import note
from core.phones import phone_hash
from places.models import Settlement
from places.selectors import settlements_of
from requests.models import Agreement, HelpRequest, Offer, Resident, Visit
from requests.models.agreement import AgreementQuerySet
from requests.states import AgreementKind
from requests.tracking import tracking_hash
from volunteers.models import Volunteer


def visible_requests(membership: Membership) -> QuerySet[HelpRequest]:
    """What this member of staff may see: their municipality; where narrowed, their kmetstvo and what they took in."""
    rows = HelpRequest.objects.filter(municipality_id=membership.municipality_id)
    narrowed = [settlement.pk for settlement in membership.settlements.all()]
    if narrowed:
        rows = rows.filter(Q(resident__settlement_id__in=narrowed) | Q(taken_by_id=membership.user_id))
    return rows.select_related(
        "resident__settlement", "resident__contact", "service", "help_point__settlement", "escort_to", "follows"
    )


def visible_residents(membership: Membership) -> QuerySet[Resident]:
    rows = Resident.objects.filter(municipality_id=membership.municipality_id, erased_at=None)
    narrowed = [settlement.pk for settlement in membership.settlements.all()]
    if narrowed:
        mine = HelpRequest.objects.filter(taken_by_id=membership.user_id).values("resident_id")
        rows = rows.filter(Q(settlement_id__in=narrowed) | Q(pk__in=mine))
    return rows.select_related("settlement", "contact")


def settlements_for(membership: Membership) -> QuerySet[Settlement]:
    """Where people live whom this member of staff may write down."""
    rows = settlements_of(membership.municipality)
    narrowed = [settlement.pk for settlement in membership.settlements.all()]
    return rows.filter(pk__in=narrowed) if narrowed else rows


def access_help_request(membership: Membership, pk: UUID) -> HelpRequest:
    return opened(get_object_or_404(visible_requests(membership).select_related("municipality"), pk=pk))


def opened(help_request: HelpRequest) -> HelpRequest:
    """Noted: whoever is asking is shown this request and its person."""
    person = help_request.resident
    note("help_request", help_request.pk, person=person.pk, settlement=person.settlement_id)
    return help_request


def access_resident(membership: Membership, pk: UUID) -> Resident:
    found = get_object_or_404(visible_residents(membership).select_related("municipality"), pk=pk)
    note("resident", found.pk, person=found.pk, settlement=found.settlement_id)
    return found


def access_offer_for_staff(membership: Membership, pk: UUID) -> Offer:
    rows = Offer.objects.filter(help_request__in=visible_requests(membership).values("pk"))
    return get_object_or_404(rows.select_related("help_request__resident__settlement", "volunteer__contact"), pk=pk)


def access_visit_for_staff(membership: Membership, pk: UUID) -> Visit:
    rows = Visit.objects.filter(help_request__in=visible_requests(membership).values("pk"))
    return get_object_or_404(rows.select_related("help_request__resident__settlement"), pk=pk)


def access_own_offer(volunteer: Volunteer, pk: UUID) -> Offer:
    rows = Offer.objects.filter(volunteer=volunteer).select_related(
        "help_request__resident__settlement",
        "help_request__resident__contact",
        "help_request__service",
        "help_request__help_point__settlement",
        "help_request__municipality",
    )
    return get_object_or_404(rows, pk=pk)


def access_own_visit(volunteer: Volunteer, pk: UUID) -> Visit:
    """A visit in which this volunteer has, or had and kept, a seat. A released seat opens nothing."""
    rows = Visit.objects.filter(seats__volunteer=volunteer, seats__live=True).select_related(
        "help_request__resident__settlement",
        "help_request__resident__contact",
        "help_request__service",
        "help_request__help_point__settlement",
        "help_request__municipality",
    )
    found = get_object_or_404(rows, pk=pk)
    person = found.help_request.resident
    note("visit", found.pk, person=person.pk, settlement=person.settlement_id)
    return found


def by_tracking_code(code: str, phone_e164: str) -> HelpRequest | None:
    """A request by its code and the phone it belongs to: the person's own, of who asked, of who may speak for them."""
    help_request = (
        HelpRequest.objects.filter(tracking_hash=tracking_hash(code))
        .select_related(
            "resident__settlement", "resident__contact", "service", "municipality", "help_point__settlement"
        )
        # One query, whether the code is known or not: a second one after it would tell which by its time.
        .annotate(speaks=Subquery(_mandates(OuterRef("resident_id")).values("phone_hash")))
        .first()
    )
    # The same work, and each comparison to its end.
    told = phone_hash(phone_e164)
    known = ["", "", ""]
    if help_request is not None:
        contact = help_request.resident.contact
        known = [contact.phone_hash, help_request.asker_phone_hash, help_request.speaks or ""]
    own, askers, speaks = (bool(one) & constant_time_compare(told, one) for one in known)
    return help_request if own | askers | speaks else None


def _mandates(resident_id: UUID | OuterRef) -> AgreementQuerySet:
    """Who may speak for this person now: one at most."""
    return Agreement.objects.live().filter(resident_id=resident_id, kind=AgreementKind.MANDATE)


def mandate_behind(help_request: HelpRequest, phone_e164: str) -> UUID | None:
    """The mandate by which this telephone opens the request; None where it is the person's or the asker's own."""
    told = phone_hash(phone_e164)
    if told in (help_request.resident.contact.phone_hash, help_request.asker_phone_hash):
        return None
    return _mandates(help_request.resident_id).filter(phone_hash=told).values_list("pk", flat=True).first()


def still_stands(agreement_id: str) -> bool:
    return Agreement.objects.live().filter(pk=agreement_id).exists()


def by_session(key: str) -> HelpRequest | None:
    """The request a visitor's session was bound to after code and phone, or after asking. Never from an address."""
    rows = HelpRequest.objects.select_related(
        "resident__settlement", "resident__contact", "service", "municipality", "help_point__settlement", "escort_to"
    )
    return rows.filter(pk=key, resident__erased_at=None).first()
