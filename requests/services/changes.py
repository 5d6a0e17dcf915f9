"""What people change their minds about: corrected, moved, no longer needed, cancelled, begun again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.validators import no_secrets
from notifications.services import desk_tasks
from notifications.states import TaskKind
from requests import notices
from requests.models import HelpRequest, VisitSeat
from requests.services import calendars, intake, lifecycle, locks, seats, steps, wanted, withdrawals
from requests.services.actors import BEAT, Actor
from requests.states import BEFORE_VISIT, ENDED, NextStep, RequestState

# What the desk was asked about, and new free times settle.
ANSWERED_BY_ANOTHER_TIME = (TaskKind.NO_VOLUNTEER, TaskKind.LADDER_ENDED, TaskKind.HALF_STAFFED, TaskKind.MOVE_ASKED)

CORRECTABLE = frozenset(
    {
        "note",
        "safe_word",
        "service",
        "urgency",
        "urgency_reason",
        "deadline",
        "not_before",
        "minutes",
        "help_point",
    }
)


@transaction.atomic
def correct(*, help_request: HelpRequest, changes: dict[str, Any], actor: Actor, now: datetime) -> HelpRequest:
    """Put right what was written down, before the visit. Raises DomainError (`too_late`), Invalid, ValidationError."""
    if unknown := set(changes) - CORRECTABLE:
        raise ValueError(f"cannot be corrected: {sorted(unknown)}")
    for text in (changes.get("note", ""), changes.get("safe_word", "")):
        no_secrets(text)
    locked = _locked(help_request)
    _before_visit(locked)
    for name, value in changes.items():
        setattr(locked, name, value)
    wanted.check_standing(locked, set(changes), now)
    locked.save()
    if {"service", "help_point"} & set(changes):
        calendars.changed(help_request=locked, now=now)
    if locked.next_step in (NextStep.PLAN, NextStep.WAIT):
        lifecycle.set_step(locked, *steps.when_open(locked, now))
    lifecycle.journal(locked, verb="corrected", actor=actor, now=now, facts={"fields": sorted(changes)})
    return locked


@transaction.atomic
def another_time(*, help_request: HelpRequest, free: Sequence[intake.Free], actor: Actor, now: datetime) -> HelpRequest:
    """„Друг ден ми е по-удобен“: new free times; what was arranged is given back and the search begins again."""
    locked = _locked(help_request)
    _before_visit(locked)
    intake.set_free_times(locked, free)
    _let_everybody_go(locked, actor=actor, now=now, verb="another_time")
    desk_tasks.finish_about(
        subject_type="help_request", subject_id=locked.pk, kinds=ANSWERED_BY_ANOTHER_TIME, result="another_time",
        now=now, by=actor.user,
    )  # fmt: skip
    if locked.state == RequestState.UNVERIFIED:
        lifecycle.journal(locked, verb="another_time", actor=actor, now=now)
        return locked
    step, step_at = steps.when_open(locked, now)
    if locked.state == RequestState.OPEN:
        lifecycle.set_step(locked, step, step_at)
        lifecycle.journal(locked, verb="another_time", actor=actor, now=now)
        return locked
    lifecycle.move_request(
        locked, RequestState.OPEN, actor=actor, now=now, verb="another_time", step=step, step_at=step_at
    )
    return locked


@transaction.atomic
def withdraw(*, help_request: HelpRequest, actor: Actor, now: datetime) -> HelpRequest:
    """The person no longer needs it. Twice changes nothing."""
    return _end(help_request, RequestState.WITHDRAWN, "withdrawn", actor, now)


@transaction.atomic
def cancel(*, help_request: HelpRequest, actor: Actor, now: datetime) -> HelpRequest:
    """The office cancels it: a duplicate, a joke, somebody who moved away. Twice changes nothing."""
    return _end(help_request, RequestState.CANCELLED, "cancelled", actor, now)


@transaction.atomic
def not_reached(*, help_request: HelpRequest, actor: Actor, now: datetime) -> HelpRequest:
    """We phoned about a request from the web and nobody answered: again after 4 hours.

    Raises DomainError (`not_waiting`) where somebody has reached the person, or the request has ended.
    """
    locked = _locked(help_request)
    if locked.state != RequestState.UNVERIFIED:
        raise DomainError(_("Тази заявка вече не чака обаждане."), code="not_waiting")
    again = now + steps.PHONE_WITHIN
    lifecycle.set_step(locked, NextStep.PHONE_PERSON, again)
    lifecycle.journal(locked, verb="not_reached", actor=actor, now=now)
    desk_tasks.put_off(subject_type="help_request", subject_id=locked.pk, kinds=[TaskKind.VERIFY_WEB], until=again)
    return locked


@transaction.atomic
def expire(*, help_request: HelpRequest, now: datetime) -> HelpRequest:
    """Its deadline passed before anybody could come."""
    locked = _end(help_request, RequestState.EXPIRED, "expired", BEAT, now)
    notices.request_expired(locked, now=now)
    return locked


@transaction.atomic
def reopen(*, help_request: HelpRequest, actor: Actor, now: datetime) -> HelpRequest:
    """An ended request is taken up again as the next attempt: OPEN, or phoned first where nobody has yet.

    Raises DomainError (`not_ended`).
    """
    locked = _locked(help_request)
    if locked.state not in ENDED:
        raise DomainError(_("Тази заявка още тече."), code="not_ended")
    locked.attempt += 1
    never_phoned = locked.opened_at is None
    to = RequestState.UNVERIFIED if never_phoned else RequestState.OPEN
    step, step_at = (NextStep.PHONE_PERSON, now + steps.PHONE_WITHIN) if never_phoned else steps.when_open(locked, now)
    desk_tasks.finish_about(
        subject_type="help_request", subject_id=locked.pk, result="reopened", now=now, by=actor.user
    )
    lifecycle.move_request(
        locked, to, actor=actor, now=now, verb="reopened", step=step, step_at=step_at,
        facts={"attempt": locked.attempt}, attempt=locked.attempt, outcome="", ended_at=None,
        opened_at=None if never_phoned else now, team=2 if intake.needs_two(locked.resident, locked.mode) else 1,
        deadline=locked.deadline if locked.deadline and locked.deadline >= now.date() else None,
        unserved_reason="", unserved_with=[],
    )  # fmt: skip
    if never_phoned:
        intake.ask_to_phone(locked, now=now)
    return locked


def _end(help_request: HelpRequest, to: RequestState, verb: str, actor: Actor, now: datetime) -> HelpRequest:
    locked = _locked(help_request)
    if locked.state == to:
        return locked
    if locked.state != RequestState.UNVERIFIED:
        _before_visit(locked)
    _let_everybody_go(locked, actor=actor, now=now, verb=verb)
    lifecycle.move_request(locked, to, actor=actor, now=now, verb=verb)
    desk_tasks.finish_about(subject_type="help_request", subject_id=locked.pk, result=verb, now=now, by=actor.user)
    return locked


def _let_everybody_go(help_request: HelpRequest, *, actor: Actor, now: datetime, verb: str) -> None:
    withdrawals.withdraw_all(help_request, actor=actor, now=now, verb=verb)
    visit = locks.live_visit(help_request)
    for offer in seats.dissolve(visit, actor=actor, now=now, verb=verb):
        notices.visit_cancelled(offer, why=verb, now=now)
    if visit is not None:
        desk_tasks.finish_about(subject_type="visit", subject_id=visit.pk, result=verb, now=now)
        if verb == "cancelled":
            # The person agreed to a visit and did not ask to stop it: they are told as well.
            visit.help_request = help_request
            notices.visit_called_off(visit, now=now)


def _before_visit(help_request: HelpRequest) -> None:
    if help_request.state not in BEFORE_VISIT | {RequestState.UNVERIFIED}:
        raise DomainError(_("Посещението вече тече или е приключило."), code="too_late")


def _locked(help_request: HelpRequest) -> HelpRequest:
    people = VisitSeat.objects.filter(visit__help_request=help_request.pk, live=True)
    locks.volunteers(people.values_list("volunteer_id", flat=True))
    return locks.help_requests([help_request.pk])[help_request.pk]


@transaction.atomic
def search_again(*, help_request: HelpRequest, actor: Actor, now: datetime) -> HelpRequest:
    """The coordinator lets the plan try anew after the last rung: those who declined may be asked again."""
    locked = _locked(help_request)
    if locked.state != RequestState.OPEN:
        raise DomainError(_("Тази заявка вече не чака."), code="not_open")
    locked.attempt += 1
    locked.unserved_reason, locked.unserved_with = "", []
    locked.save(update_fields=["attempt", "unserved_reason", "unserved_with", "updated_at"])
    lifecycle.set_step(locked, *steps.when_open(locked, now))
    lifecycle.journal(locked, verb="search_again", actor=actor, now=now, facts={"attempt": locked.attempt})
    desk_tasks.finish_about(
        subject_type="help_request", subject_id=locked.pk, result="search_again", now=now, by=actor.user
    )
    return locked
