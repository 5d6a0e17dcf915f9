"""Making offers: by the plan or by hand, only while the proposal still fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.errors import DomainError
from core.killpoints import reach
from places.selectors import rules_of
from requests import notices
from requests.models import HelpRequest, Offer
from requests.selectors.consents import refused
from requests.selectors.refusals import rungs_used
from requests.services import answers, asking, lifecycle, locks, seats, steps
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
    most_a_seat: int | None = None,
    agreed: bool = False,
) -> list[Offer]:
    """Ask volunteers to take seats. A proposal that no longer fits makes nothing and returns [].

    So many are asked for one seat at once (`most_a_seat`): by the plan one, by hand as many as one likes. Who
    `agreed` already is told nothing, and it is not counted as a question.
    """
    reach("offer.before")
    people = locks.volunteers(proposal.volunteer_id for proposal in seats_for)
    help_request = locks.help_requests([help_request_id]).get(help_request_id)
    if round_id is not None and most_a_seat is None:
        # Two rounds at once may propose two people for one seat: the second proposal is stale.
        most_a_seat = 1
    if help_request is None or not _still_fits(help_request, attempt, start, end, seats_for, people, now, most_a_seat):
        return []
    waits = _waits(help_request, [people[proposal.volunteer_id] for proposal in seats_for], start, now, agreed)
    if waits is None:
        return []
    rung = rungs_used(help_request) + 1
    made = [
        Offer.objects.create(
            help_request=help_request, attempt=attempt, rung=rung, seat=proposal.seat,
            volunteer=people[proposal.volunteer_id], start=start, end=end, travel_minutes=proposal.travel_minutes,
            km=proposal.km, why=list(proposal.why), round_id=round_id, made_at=now, expires_at=wait.until,
            asked_on=None if agreed else local_date(wait.told_at),
        )
        for proposal, wait in zip(seats_for, waits, strict=True)
    ]  # fmt: skip
    _went_out(help_request, made, waits, actor=actor, now=now, agreed=agreed)
    reach("offer.after")
    return made


def _went_out(
    help_request: HelpRequest,
    made: Sequence[Offer],
    waits: Sequence[asking.Wait],
    *,
    actor: Actor,
    now: datetime,
    agreed: bool,
) -> None:
    """Journal and messages of each, and the request waits for an answer."""
    for offer, wait in zip(made, waits, strict=True):
        lifecycle.journal(help_request, verb="made", actor=actor, now=now, subject=offer, subject_type="offer")
        if not agreed:
            notices.offer_made(offer, remind_at=wait.half_at if wait.reminds else None, now=now)
    if help_request.state == RequestState.OPEN:
        until, half_at = max(wait.until for wait in waits), max(wait.half_at for wait in waits)
        lifecycle.move_request(
            help_request, RequestState.OFFERED, actor=actor, now=now, verb="offered", step=NextStep.ANSWER,
            step_at=steps.answer_at(help_request, half_at=half_at, until=until, now=now),
            unserved_reason="", unserved_with=[],
        )  # fmt: skip


def _waits(
    help_request: HelpRequest, people: list[Volunteer], start: datetime, now: datetime, agreed: bool
) -> list[asking.Wait] | None:
    """How long each is waited for. None where one cannot be reached in time, or was asked enough that day."""
    rules = rules_of(help_request.municipality)
    if agreed:
        # Answered in this very transaction.
        return [asking.Wait(now, start, start, reminds=False) for _person in people]
    waits = [
        asking.wait_of(person.contact, help_request, start=start, rules=rules, now=now)
        for person in people
    ]  # fmt: skip
    reached = [wait for wait in waits if wait is not None]
    if len(reached) < len(people) or asking.asked_enough(people, help_request, rules=rules, now=now):
        return None
    return reached


def _still_fits(
    help_request: HelpRequest,
    attempt: int,
    start: datetime,
    end: datetime,
    proposals: Sequence[SeatProposal],
    people: dict[UUID, Volunteer],
    now: datetime,
    most_a_seat: int | None,
) -> bool:
    if help_request.state not in OPEN_FOR_OFFERS or help_request.attempt != attempt or start <= now:
        return False
    if refused(help_request.pk):
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
    if most_a_seat is not None:
        number = Counter(offer.seat for offer in waiting)
        taken |= {seat for seat, count in number.items() if count >= most_a_seat}
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

    Raises DomainError: `does_not_fit` where the choice breaks a rule, `asked_enough` where somebody's number of
    invitations for that day is reached, `cannot_be_reached` where nobody may be called before the visit.
    """
    attempt = HelpRequest.objects.values_list("attempt", flat=True).get(pk=help_request_id)
    made = make(
        help_request_id=help_request_id, attempt=attempt, start=start, end=end,
        seats_for=seats_for, now=now, actor=actor, agreed=agreed,
    )  # fmt: skip
    if not made:
        _say_why_not_asked(help_request_id, seats_for, start, now, agreed)
        raise DomainError(_("Изборът вече не пасва. Вижте кандидатите отново."), code="does_not_fit")
    if agreed:
        for offer in made:
            said = answers.SaidByPhone(said_by="", said_at=now, recorded_by=actor.user) if actor.user else None
            answers.accept(offer_id=offer.pk, actor=actor, now=now, by_phone=said)
    return made


def _say_why_not_asked(
    help_request_id: UUID, seats_for: Sequence[SeatProposal], start: datetime, now: datetime, agreed: bool
) -> None:
    help_request = HelpRequest.objects.select_related("municipality").filter(pk=help_request_id).first()
    if refused(help_request_id):
        raise DomainError(_("Човекът отказа. Питайте го пак и запишете какво каза."), code="does_not_fit")
    if agreed or help_request is None:
        return
    rules = rules_of(help_request.municipality)
    rows = Volunteer.objects.filter(pk__in=[proposal.volunteer_id for proposal in seats_for])
    people = list(rows.select_related("contact"))
    if asking.asked_enough(people, help_request, rules=rules, now=now):
        raise DomainError(_("Поканите за деня са колкото желае. Обадете се и питайте."), code="asked_enough")
    if any(asking.wait_of(one.contact, help_request, start=start, rules=rules, now=now) is None for one in people):
        raise DomainError(_("Преди посещението са тихите му часове. Изберете друг."), code="cannot_be_reached")
