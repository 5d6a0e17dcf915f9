"""The day of a visit: confirmed, begun, ended, and what the coordinator is called for in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalogue.models import DifficultyType
from core.errors import DomainError, Invalid
from core.validators import no_secrets
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.selectors import rules_of
from requests import notices
from requests.models import Visit, VisitDifficulty
from requests.selectors.my_pages import has_set_out
from requests.services import lifecycle, locks, steps
from requests.services.actors import Actor
from requests.states import NextStep, Outcome, Phase, RequestState, VisitState

# A check-in long before the appointment is a mistake; people do come a little early.
EARLIEST_SET_OUT = timedelta(hours=3)
EARLIEST_CHECK_IN = timedelta(hours=2)
MAX_MINUTES = 600


@transaction.atomic
def confirm(*, visit_id: UUID, actor: Actor, now: datetime) -> Visit:
    """The person says they will be there. Confirming twice changes nothing.

    Raises DomainError (`not_staffed`) while the second person is sought, IllegalMove.
    """
    visit = locks.visit(visit_id)
    if visit.state == VisitState.CONFIRMED:
        return visit
    if visit.help_request.state == RequestState.PARTLY_STAFFED:
        raise DomainError(code="not_staffed")
    lifecycle.move_visit(visit, VisitState.CONFIRMED, actor=actor, now=now, verb="confirmed")
    if visit.help_request.state == RequestState.SCHEDULED:
        lifecycle.move_request(
            visit.help_request, RequestState.CONFIRMED, actor=actor, now=now, verb="confirmed",
            step=NextStep.VISIT, step_at=visit.start + steps.CHECK_IN_GRACE,
        )  # fmt: skip
    return visit


@transaction.atomic
def check_in(*, visit_id: UUID, actor: Actor, now: datetime) -> Visit:
    """The volunteer is at the door, has said the safe word and was let in. Twice changes nothing.

    Raises DomainError (`too_early`, `not_staffed`), IllegalMove.
    """
    visit = locks.visit(visit_id)
    if visit.state == VisitState.CHECKED_IN:
        return visit
    if now < visit.start - EARLIEST_CHECK_IN:
        raise DomainError(_("Рано е. Отбележете идването, когато сте на място."), code="too_early")
    help_request = visit.help_request
    if help_request.state == RequestState.PARTLY_STAFFED:
        raise DomainError(_("Още няма втори човек. Не отивайте без уговорка."), code="not_staffed")
    lifecycle.move_visit(visit, VisitState.CHECKED_IN, actor=actor, now=now, verb="checked_in", checked_in_at=now)
    grace = timedelta(minutes=rules_of(help_request.municipality).checkout_grace_minutes)
    lifecycle.move_request(
        help_request, RequestState.IN_PROGRESS, actor=actor, now=now, verb="began",
        step=NextStep.CHECK_OUT, step_at=max(visit.end, now) + grace,
    )  # fmt: skip
    desk_tasks.finish_about(subject_type="visit", subject_id=visit.pk, kinds=[TaskKind.NO_SHOW], result="came", now=now)
    notices.visit_began(visit, now=now)
    return visit


@transaction.atomic
def set_out(*, visit_id: UUID, minutes: int, actor: Actor, now: datetime) -> Visit:
    """A visitor is on the way: the person is told, once. Raises DomainError (`illegal_move`, `too_early`)."""
    visit = locks.visit(visit_id)
    if visit.state not in (VisitState.SCHEDULED, VisitState.CONFIRMED):
        raise DomainError(_("Посещението вече тече или е приключило."), code="illegal_move")
    if now < visit.start - EARLIEST_SET_OUT:
        raise DomainError(_("Рано е. Кажете, че тръгвате, когато тръгнете."), code="too_early")
    if has_set_out(visit):
        return visit
    notices.on_my_way(visit, minutes=minutes, now=now)
    lifecycle.journal(
        visit.help_request, verb="set_out", actor=actor, now=now, subject=visit, subject_type="visit",
        facts={"sequence": visit.sequence},
    )  # fmt: skip
    return visit


@transaction.atomic
def check_out(
    *,
    visit_id: UUID,
    outcome: str,
    minutes: int | None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Visit:
    """What came of it: outcome, minutes on the spot, codes of difficulties before and after. Twice changes nothing.

    Raises Invalid (`outcome`, `minutes`, `difficulty`), IllegalMove.
    """
    if outcome not in Outcome.values:
        raise Invalid(_("Изберете как завърши посещението."), code="outcome", field="outcome")
    no_secrets(note)
    visit = locks.visit(visit_id)
    if visit.state == VisitState.DONE:
        return visit
    if minutes is None:
        minutes = round((now - (visit.checked_in_at or visit.start)).total_seconds() / 60)
        minutes = min(max(minutes, 1), MAX_MINUTES)
    if not 0 < minutes <= MAX_MINUTES:
        raise Invalid(_("Напишете минутите с число от 1 до 600."), code="minutes", field="minutes")
    _save_difficulties(visit, before, after)
    if note:
        visit.note = note
        visit.save(update_fields=["note"])
    lifecycle.move_visit(
        visit, VisitState.DONE, actor=actor, now=now, verb="checked_out", facts={"outcome": outcome},
        checked_out_at=now, outcome=outcome, minutes=minutes,
    )  # fmt: skip
    lifecycle.move_request(
        visit.help_request, RequestState.CLOSED, actor=actor, now=now, verb="closed",
        facts={"outcome": outcome}, outcome=outcome,
    )  # fmt: skip
    _after_end(visit, outcome, now)
    return visit


def _save_difficulties(visit: Visit, before: Sequence[str], after: Sequence[str]) -> None:
    known = set(DifficultyType.objects.filter(pk__in={*before, *after}).values_list("pk", flat=True))
    if unknown := {*before, *after} - known:
        raise Invalid(_("Изберете трудности от списъка."), code="difficulty", field="before", unknown=sorted(unknown))
    rows = [(code, Phase.BEFORE) for code in set(before)] + [(code, Phase.AFTER) for code in set(after)]
    VisitDifficulty.objects.bulk_create(
        [VisitDifficulty(visit=visit, difficulty_id=code, phase=phase) for code, phase in rows],
        ignore_conflicts=True,
    )


def _after_end(visit: Visit, outcome: str, now: datetime) -> None:
    kinds = [TaskKind.CHECKOUT_OVERDUE, TaskKind.NO_SHOW, TaskKind.HELP_NEEDED]
    desk_tasks.finish_about(subject_type="visit", subject_id=visit.pk, kinds=kinds, result="done", now=now)
    if outcome == Outcome.NOBODY_HOME:
        desk_tasks.ask(
            municipality=visit.help_request.municipality, kind=TaskKind.NOBODY_HOME, subject_type="help_request",
            subject_id=visit.help_request_id, due_at=now, now=now,
        )  # fmt: skip
    else:
        notices.visit_done(visit, now=now)


@transaction.atomic
def need_help(*, visit_id: UUID, actor: Actor, now: datetime) -> None:
    """„Нужна ми е помощ“: the coordinator calls the volunteer at once."""
    visit = locks.visit(visit_id)
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.HELP_NEEDED, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip
    lifecycle.journal(visit.help_request, verb="help_needed", actor=actor, now=now, subject=visit, subject_type="visit")


def not_begun(visit: Visit, *, now: datetime) -> None:
    """Past its start and nobody checked in: the coordinator asks what happened. In the caller's transaction."""
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.NO_SHOW, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip
    lifecycle.set_step(visit.help_request, NextStep.VISIT, now + timedelta(hours=1))


def overdue_check_out(visit: Visit, *, now: datetime) -> None:
    """The visit should be over: the coordinator calls. In the caller's transaction."""
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.CHECKOUT_OVERDUE, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip
    lifecycle.set_step(visit.help_request, NextStep.CHECK_OUT, now + timedelta(hours=1))
