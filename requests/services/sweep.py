"""No request dies silently: whatever is due is looked at, each in its own short transaction.

Runs as often as one likes; a second run changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from core.clock import at
from core.errors import DomainError
from core.killpoints import reach
from notifications.services import desk_tasks
from notifications.states import TaskKind
from requests.models import HelpRequest, Offer
from requests.services import answers, changes, consents, lifecycle, locks, steps, visits, withdrawals
from requests.services.actors import BEAT
from requests.states import NextStep, RequestState

log = logging.getLogger(__name__)
BATCH = 200
# A web request whose person cannot be reached is put away after so many days.
UNREACHED_DAYS = 14


def run(*, now: datetime) -> int:
    """Expire overdue offers and take every due request one step on. Returns how many rows it looked at."""
    overdue = list(Offer.objects.overdue(now).order_by("expires_at").values_list("pk", flat=True)[:BATCH])
    for offer_id in overdue:
        _each(partial(answers.expire, offer_id=offer_id, now=now), offer_id)
    due = list(HelpRequest.objects.due(now).order_by("next_step_at").values_list("pk", flat=True)[:BATCH])
    for help_request_id in due:
        _each(partial(take_step, help_request_id=help_request_id, now=now), help_request_id)
    unanswered = consents.due(now)
    for consent_id in unanswered:
        _each(partial(consents.go_on, consent_id=consent_id, now=now), consent_id)
    return len(overdue) + len(due) + len(unanswered)


def _each(step: Callable[[], object], row_id: UUID) -> None:
    """One row's trouble must not keep the others waiting."""
    try:
        step()
    except DomainError as error:
        # Somebody changed it in between: the next sweep sees how it stands.
        log.info("sweep left %s: %s", row_id, error.code)
    except Exception as error:
        # Its text may be personal: only the kind is logged.
        log.error("sweep could not take %s: %s", row_id, type(error).__name__)


def take_step(*, help_request_id: UUID, now: datetime) -> None:
    """One due request: what its next step asks for. Nothing where it is no longer due."""
    reach("claim.before")
    seen = HelpRequest.objects.due(now).filter(pk=help_request_id).first()
    if seen is None:
        return
    if _past_deadline(seen, now):
        _expire(help_request_id, now)
    elif seen.next_step == NextStep.SECOND_PERSON:
        withdrawals.release_half_staffed(help_request_id=help_request_id, now=now)
    else:
        _look(help_request_id, now)
    reach("claim.after")


def _past_deadline(help_request: HelpRequest, now: datetime) -> bool:
    if help_request.state not in (RequestState.UNVERIFIED, RequestState.OPEN):
        return False
    if help_request.state == RequestState.UNVERIFIED:
        # The next attempt has its own days: it was moved when it was reopened.
        since = help_request.created_at if help_request.attempt == 1 else help_request.updated_at
        if now - since > timedelta(days=UNREACHED_DAYS):
            return True
    deadline = help_request.deadline
    return deadline is not None and at(deadline + timedelta(days=1), time()) <= now


@transaction.atomic
def _expire(help_request_id: UUID, now: datetime) -> None:
    # Seen again under its lock: the deadline may have been put right, or somebody asked to come.
    help_request = locks.help_requests([help_request_id])[help_request_id]
    if _past_deadline(help_request, now):
        changes.expire(help_request=help_request, now=now)


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
        facts = {"reason": help_request.unserved_reason, "with": help_request.unserved_with}
        desk_tasks.ask(
            municipality=help_request.municipality, kind=_what_is_asked(help_request, now), subject_type="help_request",
            subject_id=help_request.pk, due_at=now, now=now, facts=facts,
        )  # fmt: skip
        lifecycle.set_step(help_request, NextStep(step), _again_at(help_request, now))


def _what_is_asked(help_request: HelpRequest, now: datetime) -> TaskKind:
    if help_request.next_step == NextStep.PHONE_PERSON:
        return TaskKind.VERIFY_WEB
    if help_request.next_step != NextStep.PLAN:
        return TaskKind.LADDER_ENDED
    short = steps.runs_short_at(help_request)
    return TaskKind.NO_VOLUNTEER if short is None or now < short else TaskKind.DEADLINE_NEAR


def _again_at(help_request: HelpRequest, now: datetime) -> datetime:
    """A day later; sooner where its time runs short or its deadline ends before."""
    again = now + steps.DESK_AGAIN
    if help_request.deadline is None:
        return again
    marks = [steps.runs_short_at(help_request), at(help_request.deadline + timedelta(days=1), time())]
    return min([again, *(mark for mark in marks if mark is not None and mark > now)])


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
    """An OFFERED request nobody has accepted yet: where time is short, the coordinator is told.

    Answers that are overdue `expire` settles; nothing live means back to planning.
    """
    asked = list(Offer.objects.live().filter(help_request=help_request).order_by("expires_at"))
    if asked:
        latest = asked[-1]
        if steps.time_is_short(help_request, now):
            desk_tasks.ask(
                municipality=help_request.municipality, kind=TaskKind.DEADLINE_NEAR, subject_type="help_request",
                subject_id=help_request.pk, due_at=now, now=now, facts={"waiting": len(asked)},
            )  # fmt: skip
        lifecycle.set_step(help_request, NextStep.ANSWER, max(latest.expires_at, now + timedelta(minutes=1)))
        return
    withdrawals.reopen_for_planning(help_request, actor=BEAT, now=now, verb="back_to_open")
