"""Seats of a visit: who is free, who sits, who is let go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.errors import Gone
from requests import notices
from requests.models import HelpRequest, Offer, PersonRule, Visit, VisitSeat
from requests.services import lifecycle, locks
from requests.services.actors import Actor
from requests.states import VISIT_LIVE, OfferState, RuleKind, VisitState


def is_busy(volunteer_id: UUID, start: datetime, end: datetime, *, besides: Visit | None = None) -> bool:
    """Whether the volunteer, here or in another municipality, has a live seat that overlaps [start, end)."""
    seats = VisitSeat.objects.filter(live=True, start__lt=end, end__gt=start)
    if besides is not None:
        seats = seats.exclude(visit=besides)
    # Two questions, each answered by an index.
    here, elsewhere = seats.filter(volunteer_id=volunteer_id), seats.filter(volunteer__user__volunteers=volunteer_id)
    return here.exists() or elsewhere.exists()


def kept_apart(help_request: HelpRequest) -> set[UUID]:
    """Volunteers who are never to meet the request's person."""
    rules = PersonRule.objects.filter(resident=help_request.resident_id, kind=RuleKind.BLOCKED)
    return set(rules.values_list("volunteer_id", flat=True))


def take(offer: Offer, help_request: HelpRequest, *, actor: Actor, now: datetime) -> Visit:
    """Seat the offer's volunteer; the first to accept makes the visit. Raises Gone (`clash`, `taken`)."""
    if is_busy(offer.volunteer_id, offer.start, offer.end):
        raise Gone(_("По това време вече имате посещение."), code="clash")
    visit = locks.live_visit(help_request)
    if visit is None:
        visit = Visit.objects.create(
            help_request=help_request, attempt=help_request.attempt, start=offer.start, end=offer.end
        )
        lifecycle.journal(help_request, verb="visit_made", actor=actor, now=now, subject=visit, subject_type="visit")
    elif (visit.start, visit.end) != (offer.start, offer.end):
        raise Gone(_("Часът на посещението се промени. Ще ви поканим отново."), code="moved")
    if visit.seats.filter(live=True, seat=offer.seat).exists():
        raise Gone(_("Друг прие пръв. Благодарим ви."), code="taken")
    VisitSeat.objects.create(
        visit=visit,
        seat=offer.seat,
        volunteer_id=offer.volunteer_id,
        offer=offer,
        start=offer.start,
        end=offer.end,
    )
    return visit


def release(seat: VisitSeat, *, actor: Actor, now: datetime, verb: str) -> Offer:
    """Free one seat; its accepted offer becomes RELEASED. Returns that offer."""
    VisitSeat.objects.filter(pk=seat.pk).update(live=False)
    offer = Offer.objects.select_related("help_request", "volunteer__contact").get(pk=seat.offer_id)
    if offer.state == OfferState.ACCEPTED:
        lifecycle.move_offer(offer, OfferState.RELEASED, actor=actor, now=now, verb=verb)
    return offer


def dissolve(visit: Visit | None, *, actor: Actor, now: datetime, verb: str) -> list[Offer]:
    """Cancel a visit that has not begun and free its seats. Returns the released offers."""
    if visit is None or visit.state not in VISIT_LIVE - {VisitState.CHECKED_IN}:
        return []
    released = [release(seat, actor=actor, now=now, verb=verb) for seat in visit.seats.filter(live=True)]
    lifecycle.move_visit(visit, VisitState.CANCELLED, actor=actor, now=now, verb=verb)
    notices.forget_reminders(visit, now=now)
    return released
