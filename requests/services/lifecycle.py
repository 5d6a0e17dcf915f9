"""The one writer of state: a guarded UPDATE and the journal entry, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from core.errors import IllegalMove
from core.nudge import nudge_on_commit
from requests.models import HelpRequest, JournalEntry, Offer, Visit
from requests.notices import events
from requests.services.actors import Actor
from requests.states import ENDED, OFFER_MOVES, REQUEST_MOVES, VISIT_MOVES, Moves, NextStep, RequestState

Facts = dict[str, Any] | None


def move_request(
    help_request: HelpRequest,
    to: RequestState,
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    step: NextStep = NextStep.NOTHING,
    step_at: datetime | None = None,
    facts: Facts = None,
    **changes: Any,
) -> None:
    """Move a help request; every live state names its next step and when somebody looks at it.

    Raises IllegalMove where the row does not stand at an allowed source.
    """
    if to in ENDED:
        step, step_at = NextStep.NOTHING, None
        changes.setdefault("ended_at", now)
    elif step_at is None or step == NextStep.NOTHING:
        raise ValueError(f"{to} needs a next step and its time")
    changes |= {"next_step": step, "next_step_at": step_at}
    _move(help_request, to, REQUEST_MOVES, now, changes)
    _write(help_request, help_request, "help_request", verb, actor, now, facts)


def move_offer(
    offer: Offer, to: str, *, actor: Actor, now: datetime, verb: str, facts: Facts = None, **changes: Any
) -> None:
    _move(offer, to, OFFER_MOVES, now, changes)
    _write(offer.help_request, offer, "offer", verb, actor, now, facts)


def move_visit(
    visit: Visit, to: str, *, actor: Actor, now: datetime, verb: str, facts: Facts = None, **changes: Any
) -> None:
    _move(visit, to, VISIT_MOVES, now, changes)
    _write(visit.help_request, visit, "visit", verb, actor, now, facts)


def set_step(help_request: HelpRequest, step: NextStep, step_at: datetime) -> None:
    """Say anew what happens next and when, without a change of state."""
    HelpRequest.objects.live().filter(pk=help_request.pk).update(next_step=step, next_step_at=step_at)
    help_request.next_step, help_request.next_step_at = step, step_at


def journal(
    help_request: HelpRequest,
    *,
    verb: str,
    actor: Actor,
    now: datetime,
    subject: models.Model | None = None,
    subject_type: str = "help_request",
    facts: Facts = None,
) -> None:
    """Something happened that changes no state: made, corrected, said."""
    _entry(help_request, subject or help_request, subject_type, verb, "", "", actor, now, facts)


def _move(row: Any, to: str, moves: Moves, now: datetime, changes: dict[str, Any]) -> None:
    sources = moves[to]
    came_from = row.state
    changed = type(row).objects.filter(pk=row.pk, state__in=sources).update(state=to, updated_at=now, **changes)
    if changed != 1:
        raise IllegalMove(code="illegal_move", at=came_from, to=str(to))
    for name, value in {"state": to, "updated_at": now, **changes}.items():
        setattr(row, name, value)
    row.came_from = came_from


def _write(
    help_request: HelpRequest,
    row: Any,
    subject_type: str,
    verb: str,
    actor: Actor,
    now: datetime,
    facts: Facts,
) -> None:
    _entry(help_request, row, subject_type, verb, row.came_from, row.state, actor, now, facts)


def _entry(
    help_request: HelpRequest,
    row: Any,
    subject_type: str,
    verb: str,
    came_from: str,
    to: str,
    actor: Actor,
    now: datetime,
    facts: Facts,
) -> None:
    entry = JournalEntry.objects.create(
        municipality_id=help_request.municipality_id,
        at=now,
        help_request_id=help_request.pk,
        subject_type=subject_type,
        subject_id=row.pk,
        verb=verb,
        from_state=came_from,
        to_state=to,
        actor=actor.code,
        facts=facts or {},
    )
    events.of_entry(help_request, row, entry)
    # By name: planning stands above this room. It waits for the burst to settle and then plans once.
    nudge_on_commit("planning.tasks.plan_due")
