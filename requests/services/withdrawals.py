"""Taking offers back, and what comes next for a request after a no or half a pair."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.selectors import rules_of
from requests import notices
from requests.models import HelpRequest, Offer, VisitSeat
from requests.selectors.refusals import asked_in_vain, rungs_used
from requests.services import lifecycle, locks, seats, steps
from requests.services.actors import BEAT, Actor
from requests.states import NextStep, OfferState, RequestState


def withdraw(offer: Offer, *, actor: Actor, now: datetime, verb: str, settle_request: bool = True) -> None:
    """Take back a live offer, inside the caller's transaction and locks; the volunteer is told kindly."""
    lifecycle.move_offer(offer, OfferState.WITHDRAWN, actor=actor, now=now, verb=verb)
    notices.offer_answered(offer, now=now)
    notices.offer_withdrawn(offer, why=verb, now=now)
    if settle_request:
        settle(offer.help_request, now)


def withdraw_all(help_request: HelpRequest, *, actor: Actor, now: datetime, verb: str) -> None:
    """Take back every live offer of a request that is about to end or change, in the caller's locks."""
    for offer in Offer.objects.live().filter(help_request=help_request).select_related("volunteer__contact"):
        offer.help_request = help_request
        withdraw(offer, actor=actor, now=now, verb=verb, settle_request=False)


def settle(help_request: HelpRequest, now: datetime) -> None:
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
    step, step_at = steps.when_open(help_request, now)
    if rungs_used(help_request) >= rules_of(help_request.municipality).ladder_rungs:
        step, step_at = NextStep.DESK, now + steps.DESK_AGAIN
        desk_tasks.ask(
            municipality=help_request.municipality, kind=TaskKind.LADDER_ENDED, subject_type="help_request",
            subject_id=help_request.pk, due_at=now, now=now, facts={"asked": asked_in_vain(help_request).count()},
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
    reopen_for_planning(help_request, actor=BEAT, now=now, verb="half_staffed")
    return True


def reopen_for_planning(help_request: HelpRequest, *, actor: Actor, now: datetime, verb: str) -> None:
    """Back to OPEN within the same attempt, in the caller's locks."""
    step, step_at = steps.when_open(help_request, now)
    lifecycle.move_request(help_request, RequestState.OPEN, actor=actor, now=now, verb=verb, step=step, step_at=step_at)
