"""Answers to an offer: yes, no, or none in time. One seat, one winner.

Locks are taken in one order (volunteers, requests, offers, visits); the database constraints have the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import Gone, Invalid
from core.killpoints import reach
from core.validators import no_secrets
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.selectors import rules_of
from requests import notices
from requests.models import HelpRequest, Offer, Visit, VisitSeat
from requests.selectors.consents import refused
from requests.services import lifecycle, locks, seats, steps, taught, withdrawals
from requests.services.actors import BEAT, Actor
from requests.states import OPEN_FOR_OFFERS, AnswerChannel, DeclineReason, NextStep, OfferState, RequestState
from volunteers.states import VolunteerStatus


@dataclass(frozen=True)
class SaidByPhone:
    """An answer given by telephone: who said it, when, and who wrote it down."""

    said_by: str
    said_at: datetime
    recorded_by: User


def accept(*, offer_id: UUID, actor: Actor, now: datetime, by_phone: SaidByPhone | None = None) -> Offer:
    """Take the seat. Exactly one wins; the same volunteer accepting twice gets the same answer.

    Raises Gone (`late`, `taken`, `clash`, `moved`, `withdrawn`) with a kind sentence.
    """
    try:
        with transaction.atomic():
            return _accept(offer_id, actor, now, by_phone)
    except IntegrityError as error:
        # The database had the last word: somebody else sits there, or two seats would overlap.
        raise Gone(_("Друг прие пръв. Благодарим ви."), code="taken") from error


def _accept(offer_id: UUID, actor: Actor, now: datetime, by_phone: SaidByPhone | None) -> Offer:
    offer, help_request, clashing = _locked_for_accept(offer_id)
    if offer.state == OfferState.ACCEPTED:
        return offer
    _refuse_if_over(offer, help_request, now)
    reach("commit.before")
    visit = seats.take(offer, help_request, actor=actor, now=now)
    lifecycle.move_offer(
        offer, OfferState.ACCEPTED, actor=actor, now=now, verb="accepted", **_answer(actor, now, by_phone)
    )
    _note_who_said(offer, by_phone)
    notices.offer_answered(offer, now=now)
    for other in clashing:
        withdrawals.withdraw(other, actor=BEAT, now=now, verb="clashes")
    _withdraw_others_for_seat(offer, now)
    full = VisitSeat.objects.filter(visit=visit, live=True).count() >= help_request.team
    if full:
        _scheduled(help_request, visit, actor, now)
    else:
        until = steps.second_until(visit.start, rules_of(help_request.municipality), now)
        lifecycle.move_request(
            help_request, RequestState.PARTLY_STAFFED, actor=actor, now=now, verb="half_staffed",
            step=NextStep.SECOND_PERSON, step_at=until,
        )  # fmt: skip
    notices.offer_accepted(offer, visit, now=now)
    if full:
        notices.visit_scheduled(visit, now=now)
    return offer


def _locked_for_accept(offer_id: UUID) -> tuple[Offer, HelpRequest, list[Offer]]:
    """The offer, its request and the volunteer's other live offers that overlap, all locked in the written order."""
    seen = Offer.objects.filter(pk=offer_id).first()
    if seen is None:
        raise Gone(_("Тази покана вече я няма."), code="withdrawn")
    locks.volunteers([seen.volunteer_id])
    overlapping = Offer.objects.live().filter(volunteer=seen.volunteer_id, start__lt=seen.end, end__gt=seen.start)
    others = dict(overlapping.exclude(pk=seen.pk).values_list("pk", "help_request_id"))
    requests = locks.help_requests([seen.help_request_id, *others.values()])
    offers = locks.offers([offer_id, *others])
    for offer in offers.values():
        offer.help_request = requests[offer.help_request_id]
    offer = offers.pop(offer_id)
    return offer, offer.help_request, [other for other in offers.values() if other.state == OfferState.MADE]


def _refuse_if_over(offer: Offer, help_request: HelpRequest, now: datetime) -> None:
    if offer.state == OfferState.EXPIRED or (offer.state == OfferState.MADE and offer.expires_at <= now):
        raise Gone(_("Времето за отговор изтече. Благодарим ви, питаме следващия."), code="late")
    if offer.state == OfferState.WITHDRAWN:
        raise Gone(_("Тази покана вече не е нужна. Благодарим ви."), code="withdrawn")
    if offer.state != OfferState.MADE:
        raise Gone(_("Вече отговорихте на тази покана."), code="answered")
    if help_request.state not in OPEN_FOR_OFFERS or help_request.attempt != offer.attempt:
        raise Gone(_("Тази покана вече не е нужна. Благодарим ви."), code="withdrawn")
    # What may have changed since the offer was made: the person said no, they are not to meet, the volunteer left.
    if refused(help_request.pk):
        raise Gone(_("Тази покана вече не е нужна. Благодарим ви."), code="withdrawn")
    may_come = offer.volunteer.status in (VolunteerStatus.ACTIVE, VolunteerStatus.PAUSED)
    if not may_come or offer.volunteer_id in seats.kept_apart(help_request):
        raise Gone(_("Тази покана вече не е нужна. Благодарим ви."), code="withdrawn")


def _scheduled(help_request: HelpRequest, visit: Visit, actor: Actor, now: datetime) -> None:
    lifecycle.move_request(
        help_request, RequestState.SCHEDULED, actor=actor, now=now, verb="scheduled",
        step=NextStep.VISIT, step_at=visit.start + steps.CHECK_IN_GRACE, unserved_reason="", unserved_with=[],
    )  # fmt: skip
    for other in Offer.objects.live().filter(help_request=help_request).select_related("volunteer__contact"):
        other.help_request = help_request
        withdrawals.withdraw(other, actor=BEAT, now=now, verb="filled")
    desk_tasks.finish_about(
        subject_type="help_request",
        subject_id=help_request.pk,
        kinds=[
            TaskKind.NO_VOLUNTEER,
            TaskKind.DEADLINE_NEAR,
            TaskKind.LADDER_ENDED,
            TaskKind.HALF_STAFFED,
            TaskKind.CANNOT_COME,
        ],
        result="scheduled",
        now=now,
    )


def _withdraw_others_for_seat(offer: Offer, now: datetime) -> None:
    others = Offer.objects.live().filter(help_request=offer.help_request_id, attempt=offer.attempt, seat=offer.seat)
    for other in others.select_related("volunteer__contact"):
        other.help_request = offer.help_request
        withdrawals.withdraw(other, actor=BEAT, now=now, verb="seat_taken", settle_request=False)


@transaction.atomic
def decline(
    *,
    offer_id: UUID,
    actor: Actor,
    now: datetime,
    reason: str = "",
    by_phone: SaidByPhone | None = None,
) -> Offer:
    """The volunteer says no. Declining twice changes nothing. Raises Invalid, Gone."""
    if reason and reason not in DeclineReason.values:
        raise Invalid(_("Изберете причина от списъка."), code="decline_reason", field="reason")
    offer = _locked(offer_id)
    if offer.state == OfferState.DECLINED:
        return offer
    if offer.state != OfferState.MADE:
        raise Gone(_("Тази покана вече не чака отговор."), code="answered")
    lifecycle.move_offer(
        offer, OfferState.DECLINED, actor=actor, now=now, verb="declined", facts={"reason": reason},
        decline_reason=reason, **_answer(actor, now, by_phone),
    )  # fmt: skip
    _note_who_said(offer, by_phone)
    notices.offer_answered(offer, now=now)
    taught.learn(offer, now=now)
    withdrawals.settle(offer.help_request, now)
    return offer


@transaction.atomic
def expire(*, offer_id: UUID, now: datetime) -> bool:
    """The time to answer is over. False where somebody answered first."""
    offer = _locked(offer_id)
    if offer.state != OfferState.MADE or offer.expires_at > now:
        return False
    lifecycle.move_offer(
        offer, OfferState.EXPIRED, actor=BEAT, now=now, verb="expired",
        answered_at=now, answer_channel=AnswerChannel.TIMER,
    )  # fmt: skip
    notices.offer_answered(offer, now=now)
    notices.offer_expired(offer, now=now)
    withdrawals.settle(offer.help_request, now)
    return True


def _locked(offer_id: UUID) -> Offer:
    seen = Offer.objects.filter(pk=offer_id).values_list("volunteer_id", "help_request_id").first()
    if seen is None:
        raise Gone(_("Тази покана вече я няма."), code="withdrawn")
    locks.volunteers([seen[0]])
    help_request = locks.help_requests([seen[1]])[seen[1]]
    offer = locks.offers([offer_id])[offer_id]
    offer.help_request = help_request
    return offer


def _answer(actor: Actor, now: datetime, by_phone: SaidByPhone | None) -> dict[str, Any]:
    if by_phone is None:
        return {"answered_at": now, "answer_channel": actor.channel}
    no_secrets(by_phone.said_by)
    return {
        "answered_at": now,
        "answer_channel": AnswerChannel.PHONE,
        "recorded_by": by_phone.recorded_by,
        "said_at": by_phone.said_at,
    }


def _note_who_said(offer: Offer, by_phone: SaidByPhone | None) -> None:
    if by_phone is not None and by_phone.said_by:
        offer.said_by = by_phone.said_by
        offer.save(update_fields=["said_by"])
