"""Offers: made, accepted, declined, expired, withdrawn. One seat, one winner.

Locks are taken in one order (volunteers, requests, offers, visits); the database constraints have the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, Gone, Invalid
from core.killpoints import reach
from core.validators import no_secrets
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.selectors import rules_of
from requests import notices
from requests.models import HelpRequest, Offer, PersonRule, VisitSeat
from requests.services import lifecycle, locks, seats, steps
from requests.services.actors import BEAT, PLAN, Actor
from requests.states import (
    AnswerChannel,
    DeclineReason,
    NextStep,
    OfferState,
    RequestState,
    RuleKind,
)
from volunteers.states import VolunteerStatus


@dataclass(frozen=True)
class SeatProposal:
    """One volunteer for one seat, as the plan or the coordinator proposes it. Minutes, kilometres, codes."""

    seat: int
    volunteer_id: UUID
    travel_minutes: int = 0
    km: Decimal = Decimal(0)
    why: Sequence[dict[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True)
class SaidByPhone:
    """An answer given by telephone: who said it, when, and who wrote it down."""

    said_by: str
    said_at: datetime
    recorded_by: User


OPEN_FOR_OFFERS = (RequestState.OPEN, RequestState.OFFERED, RequestState.PARTLY_STAFFED)


@transaction.atomic
def make(
    *,
    help_request_id: UUID,
    attempt: int,
    start: datetime,
    end: datetime,
    seats_for: Sequence[SeatProposal],
    now: datetime,
    actor: Actor = PLAN,
    round_id: UUID | None = None,
) -> list[Offer]:
    """Ask volunteers to take seats. A proposal that no longer fits makes nothing and returns []."""
    reach("offer.before")
    people = locks.volunteers(proposal.volunteer_id for proposal in seats_for)
    help_request = locks.help_requests([help_request_id]).get(help_request_id)
    by_plan = round_id is not None
    if help_request is None or not _still_fits(help_request, attempt, start, end, seats_for, people, now, by_plan):
        return []
    until = steps.offer_until(help_request, start, rules_of(help_request.municipality), now)
    asked = Offer.objects.filter(help_request=help_request, attempt=attempt)
    rung = asked.failed().count() + 1
    made = [
        Offer.objects.create(
            help_request=help_request,
            attempt=attempt,
            seat=proposal.seat,
            volunteer=people[proposal.volunteer_id],
            rung=rung,
            start=start,
            end=end,
            travel_minutes=proposal.travel_minutes,
            km=proposal.km,
            why=list(proposal.why),
            round_id=round_id,
            made_at=now,
            expires_at=until,
        )
        for proposal in seats_for
    ]
    for offer in made:
        lifecycle.journal(help_request, verb="made", actor=actor, now=now, subject=offer, subject_type="offer")
        notices.offer_made(offer, now=now)
    if help_request.state == RequestState.OPEN:
        lifecycle.move_request(
            help_request, RequestState.OFFERED, actor=actor, now=now, verb="offered",
            step=NextStep.ANSWER, step_at=until, unserved_reason="", unserved_with=[],
        )  # fmt: skip
    reach("offer.after")
    return made


def _still_fits(
    help_request: HelpRequest,
    attempt: int,
    start: datetime,
    end: datetime,
    proposals: Sequence[SeatProposal],
    people: dict[UUID, Any],
    now: datetime,
    by_plan: bool,
) -> bool:
    if help_request.state not in OPEN_FOR_OFFERS or help_request.attempt != attempt or start <= now:
        return False
    if end <= start or any(not 1 <= p.seat <= help_request.team for p in proposals):
        return False
    proposed = {p.volunteer_id for p in proposals}
    if len(proposed) < len(proposals) or not proposed <= set(people):
        return False
    visit = locks.live_visit(help_request)
    if visit is not None and (visit.start, visit.end) != (start, end):
        return False
    taken = set(visit.seats.filter(live=True).values_list("seat", flat=True)) if visit else set()
    waiting = list(Offer.objects.live().filter(help_request=help_request, attempt=attempt))
    asked = {offer.volunteer_id for offer in waiting}
    if by_plan:
        # Two rounds at once may propose two people for one seat: the second proposal is stale.
        taken |= {offer.seat for offer in waiting}
    blocked = _blocked(help_request)
    return all(
        p.seat not in taken
        and p.volunteer_id not in asked | blocked
        and people[p.volunteer_id].status == VolunteerStatus.ACTIVE
        and people[p.volunteer_id].municipality_id == help_request.municipality_id
        and not seats.is_busy(p.volunteer_id, start, end)
        for p in proposals
    )


def _blocked(help_request: HelpRequest) -> set[UUID]:
    rules = PersonRule.objects.filter(resident=help_request.resident_id, kind=RuleKind.BLOCKED)
    return set(rules.values_list("volunteer_id", flat=True))


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
    lifecycle.move_offer(offer, OfferState.ACCEPTED, actor=actor, now=now, verb="accepted", **_answer(now, by_phone))
    _note_who_said(offer, by_phone)
    for other in clashing:
        withdraw(other, actor=BEAT, now=now, verb="clashes")
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
    # What may have changed since the offer was made: they are not to meet, or the volunteer left.
    may_come = offer.volunteer.status in (VolunteerStatus.ACTIVE, VolunteerStatus.PAUSED)
    if not may_come or offer.volunteer_id in _blocked(help_request):
        raise Gone(_("Тази покана вече не е нужна. Благодарим ви."), code="withdrawn")


def _scheduled(help_request: HelpRequest, visit: Any, actor: Actor, now: datetime) -> None:
    lifecycle.move_request(
        help_request, RequestState.SCHEDULED, actor=actor, now=now, verb="scheduled",
        step=NextStep.VISIT, step_at=visit.start + steps.CHECK_IN_GRACE, unserved_reason="", unserved_with=[],
    )  # fmt: skip
    for other in Offer.objects.live().filter(help_request=help_request).select_related("volunteer__contact"):
        other.help_request = help_request
        withdraw(other, actor=BEAT, now=now, verb="filled")
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
        withdraw(other, actor=BEAT, now=now, verb="seat_taken", settle_request=False)


def _answer(now: datetime, by_phone: SaidByPhone | None) -> dict[str, Any]:
    if by_phone is None:
        return {"answered_at": now, "answer_channel": AnswerChannel.APP}
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
        decline_reason=reason, **_answer(now, by_phone),
    )  # fmt: skip
    _note_who_said(offer, by_phone)
    _settle(offer.help_request, now)
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
    notices.offer_expired(offer, now=now)
    _settle(offer.help_request, now)
    return True


def withdraw(offer: Offer, *, actor: Actor, now: datetime, verb: str, settle_request: bool = True) -> None:
    """Take back a live offer, inside the caller's transaction and locks; the volunteer is told kindly."""
    lifecycle.move_offer(offer, OfferState.WITHDRAWN, actor=actor, now=now, verb=verb)
    notices.offer_withdrawn(offer, why=verb, now=now)
    if settle_request:
        _settle(offer.help_request, now)


def withdraw_all(help_request: HelpRequest, *, actor: Actor, now: datetime, verb: str) -> None:
    """Take back every live offer of a request that is about to end or change, in the caller's locks."""
    for offer in Offer.objects.live().filter(help_request=help_request).select_related("volunteer__contact"):
        offer.help_request = help_request
        withdraw(offer, actor=actor, now=now, verb=verb, settle_request=False)


def _locked(offer_id: UUID) -> Offer:
    seen = Offer.objects.filter(pk=offer_id).values_list("volunteer_id", "help_request_id").first()
    if seen is None:
        raise Gone(_("Тази покана вече я няма."), code="withdrawn")
    locks.volunteers([seen[0]])
    help_request = locks.help_requests([seen[1]])[seen[1]]
    offer = locks.offers([offer_id])[offer_id]
    offer.help_request = help_request
    return offer


def _settle(help_request: HelpRequest, now: datetime) -> None:
    """After a no: wait for the other answers, go back to planning, or call the coordinator after the last rung."""
    if help_request.state != RequestState.OFFERED:
        return
    offers: Iterable[Offer] = Offer.objects.filter(help_request=help_request, attempt=help_request.attempt)
    waiting = [offer for offer in offers if offer.state == OfferState.MADE]
    if len({offer.seat for offer in waiting}) == help_request.team:
        lifecycle.set_step(help_request, NextStep.ANSWER, max(offer.expires_at for offer in waiting))
        return
    for offer in waiting:
        # Of a pair one said no before the other answered: the plan looks for a new pair.
        withdraw(offer, actor=BEAT, now=now, verb="pair_broken", settle_request=False)
    failed = sum(offer.state in (OfferState.DECLINED, OfferState.EXPIRED) for offer in offers)
    step, step_at = steps.when_open(help_request, now)
    if failed >= rules_of(help_request.municipality).ladder_rungs:
        step, step_at = NextStep.DESK, now + steps.DESK_AGAIN
        desk_tasks.ask(
            municipality=help_request.municipality, kind=TaskKind.LADDER_ENDED, subject_type="help_request",
            subject_id=help_request.pk, due_at=now, now=now, facts={"asked": failed},
        )  # fmt: skip
    lifecycle.move_request(
        help_request, RequestState.OPEN, actor=BEAT, now=now, verb="back_to_open", step=step, step_at=step_at
    )


@transaction.atomic
def release_half_staffed(*, help_request_id: UUID, now: datetime) -> bool:
    """The second person was not found in time: the first is released with thanks, the coordinator is told."""
    people = VisitSeat.objects.filter(visit__help_request=help_request_id, live=True).values_list(
        "volunteer_id", flat=True
    )
    locks.volunteers(people)
    help_request = locks.help_requests([help_request_id])[help_request_id]
    if help_request.state != RequestState.PARTLY_STAFFED or (help_request.next_step_at or now) > now:
        return False
    withdraw_all(help_request, actor=BEAT, now=now, verb="half_staffed")
    visit = locks.live_visit(help_request)
    for offer in seats.dissolve(visit, actor=BEAT, now=now, verb="half_staffed"):
        notices.offer_released(offer, now=now)
    desk_tasks.ask(
        municipality=help_request.municipality, kind=TaskKind.HALF_STAFFED, subject_type="help_request",
        subject_id=help_request.pk, due_at=now, now=now,
    )  # fmt: skip
    step, step_at = steps.when_open(help_request, now)
    lifecycle.move_request(
        help_request, RequestState.OPEN, actor=BEAT, now=now, verb="half_staffed", step=step, step_at=step_at
    )
    return True


@transaction.atomic
def assign(
    *,
    help_request_id: UUID,
    start: datetime,
    end: datetime,
    seats_for: Sequence[SeatProposal],
    agreed: bool,
    actor: Actor,
    now: datetime,
) -> list[Offer]:
    """A coordinator picks by hand: asks these people, or, where they agreed on the phone, seats them at once.

    Raises DomainError (`does_not_fit`) where the choice breaks a rule.
    """
    attempt = HelpRequest.objects.values_list("attempt", flat=True).get(pk=help_request_id)
    made = make(
        help_request_id=help_request_id, attempt=attempt, start=start, end=end,
        seats_for=seats_for, now=now, actor=actor,
    )  # fmt: skip
    if not made:
        raise DomainError(_("Изборът вече не пасва. Вижте кандидатите отново."), code="does_not_fit")
    if agreed:
        for offer in made:
            said = SaidByPhone(said_by="", said_at=now, recorded_by=actor.user) if actor.user else None
            accept(offer_id=offer.pk, actor=actor, now=now, by_phone=said)
    return made
