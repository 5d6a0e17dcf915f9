"""No request dies silently: whatever is due is looked at, each in its own short transaction.

Runs as often as one likes; a second run changes nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from core.clock import at
from core.errors import DomainError
from core.killpoints import reach
from notifications.services import desk_tasks
from notifications.states import TaskKind
from requests.models import HelpRequest, Offer
from requests.services import changes, lifecycle, locks, offers, steps, visits
from requests.services.actors import BEAT
from requests.states import NextStep, RequestState

log = logging.getLogger(__name__)
BATCH = 200
# A web request whose person cannot be reached is put away after so many days.
UNREACHED_DAYS = 14


def run(*, now: datetime) -> int:
    """Expire overdue offers and take every due request one step on. Returns how many rows it looked at."""
    overdue = list(Offer.objects.overdue(now).values_list("pk", flat=True)[:BATCH])
    for offer_id in overdue:
        offers.expire(offer_id=offer_id, now=now)
    due = list(HelpRequest.objects.due(now).order_by("next_step_at").values_list("pk", flat=True)[:BATCH])
    for help_request_id in due:
        try:
            take_step(help_request_id=help_request_id, now=now)
        except DomainError as error:
            # Somebody changed it in between: the next sweep sees how it stands.
            log.info("sweep left %s: %s", help_request_id, error.code)
    return len(overdue) + len(due)


def take_step(*, help_request_id: UUID, now: datetime) -> None:
    """One due request: what its next step asks for. Nothing where it is no longer due."""
    reach("claim.before")
    seen = HelpRequest.objects.due(now).filter(pk=help_request_id).first()
    if seen is None:
        return
    if _past_deadline(seen, now):
        changes.expire(help_request=seen, now=now)
    elif seen.next_step == NextStep.SECOND_PERSON:
        offers.release_half_staffed(help_request_id=help_request_id, now=now)
    else:
        _look(help_request_id, now)
    reach("claim.after")


def _past_deadline(help_request: HelpRequest, now: datetime) -> bool:
    if help_request.state not in (RequestState.UNVERIFIED, RequestState.OPEN):
        return False
    if help_request.state == RequestState.UNVERIFIED and now - help_request.created_at > timedelta(days=UNREACHED_DAYS):
        return True
    deadline = help_request.deadline
    return deadline is not None and at(deadline + timedelta(days=1), time()) <= now


@transaction.atomic
def _look(help_request_id: UUID, now: datetime) -> None:
    help_request = locks.help_requests([help_request_id])[help_request_id]
    if not help_request.is_live or (help_request.next_step_at or now) > now:
        return
    step = help_request.next_step
    if step in (NextStep.VISIT, NextStep.CHECK_OUT):
        _look_at_visit(help_request, step, now)
    elif step == NextStep.WAIT:
        again, again_at = steps.when_open(help_request, now)
        lifecycle.set_step(help_request, again, again_at)
    elif step == NextStep.ANSWER:
        _look_at_answers(help_request, now)
    else:
        kind = {NextStep.PHONE_PERSON: TaskKind.VERIFY_WEB, NextStep.PLAN: TaskKind.NO_VOLUNTEER}.get(
            NextStep(step), TaskKind.LADDER_ENDED
        )
        facts = {"reason": help_request.unserved_reason, "with": help_request.unserved_with}
        desk_tasks.ask(
            municipality=help_request.municipality, kind=kind, subject_type="help_request",
            subject_id=help_request.pk, due_at=now, now=now, facts=facts,
        )  # fmt: skip
        lifecycle.set_step(help_request, NextStep(step), now + steps.DESK_AGAIN)


def _look_at_visit(help_request: HelpRequest, step: str, now: datetime) -> None:
    visit = locks.live_visit(help_request)
    if visit is None:
        lifecycle.set_step(help_request, NextStep.DESK, now + steps.DESK_AGAIN)
        return
    visit.help_request = help_request
    if step == NextStep.VISIT:
        visits.not_begun(visit, now=now)
    else:
        visits.overdue_check_out(visit, now=now)


def _look_at_answers(help_request: HelpRequest, now: datetime) -> None:
    """An OFFERED request whose answers are overdue: `expire` settles it; nothing live means back to planning."""
    latest = Offer.objects.live().filter(help_request=help_request).order_by("-expires_at").first()
    if latest is not None:
        lifecycle.set_step(help_request, NextStep.ANSWER, max(latest.expires_at, now + timedelta(minutes=1)))
        return
    visits.reopen_for_planning(help_request, actor=BEAT, now=now, verb="back_to_open")
