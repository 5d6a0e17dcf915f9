"""Making offers: by the plan or by hand, only while the proposal still fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.killpoints import reach
from places.selectors import rules_of
from requests import notices
from requests.models import HelpRequest, Offer
from requests.selectors.refusals import rungs_used
from requests.services import answers, lifecycle, locks, seats, steps
from requests.services.actors import PLAN, Actor
from requests.states import OPEN_FOR_OFFERS, NextStep, RequestState
from volunteers.models import Volunteer
from volunteers.states import VolunteerStatus


@dataclass(frozen=True)
class SeatProposal:
    """One volunteer for one seat, as the plan or the coordinator proposes it. Minutes, kilometres, codes."""

    seat: int
    volunteer_id: UUID
    travel_minutes: int = 0
    km: Decimal = Decimal(0)
    why: Sequence[dict[str, Any]] = field(default_factory=tuple)


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
    rung = rungs_used(help_request) + 1
    made = [
        Offer.objects.create(
            help_request=help_request, attempt=attempt, rung=rung, seat=proposal.seat,
            volunteer=people[proposal.volunteer_id], start=start, end=end, travel_minutes=proposal.travel_minutes,
            km=proposal.km, why=list(proposal.why), round_id=round_id, made_at=now, expires_at=until,
        )
        for proposal in seats_for
    ]  # fmt: skip
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
    people: dict[UUID, Volunteer],
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
    blocked = seats.kept_apart(help_request)
    return all(
        p.seat not in taken
        and p.volunteer_id not in asked | blocked
        and people[p.volunteer_id].status == VolunteerStatus.ACTIVE
        and people[p.volunteer_id].municipality_id == help_request.municipality_id
        and not seats.is_busy(p.volunteer_id, start, end)
        for p in proposals
    )


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
            said = answers.SaidByPhone(said_by="", said_at=now, recorded_by=actor.user) if actor.user else None
            answers.accept(offer_id=offer.pk, actor=actor, now=now, by_phone=said)
    return made
