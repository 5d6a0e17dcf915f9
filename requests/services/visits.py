"""Visits: confirmed, moved, begun, ended, given back, missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalogue.models import DifficultyType
from core.errors import DomainError, Gone, Invalid
from core.validators import no_secrets
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.selectors import rules_of
from requests import notices
from requests.models import HelpRequest, Offer, Visit, VisitDifficulty, VisitSeat
from requests.services import lifecycle, locks, offers, seats, steps
from requests.services.actors import Actor
from requests.states import NextStep, Outcome, Phase, RequestState, Urgency, VisitState
from volunteers.models import Volunteer

# A check-in long before the appointment is a mistake; people do come a little early.
EARLIEST_CHECK_IN = timedelta(hours=2)
MAX_MINUTES = 600


@transaction.atomic
def confirm(*, visit_id: UUID, actor: Actor, now: datetime) -> Visit:
    """The person says they will be there. Confirming twice changes nothing.

    Raises DomainError (`not_staffed`) while the second person is sought, IllegalMove.
    """
    visit = _locked(visit_id)
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
    visit = _locked(visit_id)
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
    visit = _locked(visit_id)
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
def move(*, visit_id: UUID, start: datetime, actor: Actor, now: datetime) -> Visit:
    """Another time for the same people, agreed by the desk. Raises Invalid (`past`), Gone (`clash`)."""
    if start <= now:
        raise Invalid(_("Изберете час, който още не е минал."), code="past", field="start")
    visit = _locked(visit_id)
    if visit.state not in (VisitState.SCHEDULED, VisitState.CONFIRMED):
        raise DomainError(_("Посещението вече тече или е приключило."), code="illegal_move")
    end = start + (visit.end - visit.start)
    taken = list(visit.seats.filter(live=True).select_related("volunteer__contact"))
    if any(seats.is_busy(seat.volunteer_id, start, end, besides=visit) for seat in taken):
        raise Gone(_("По това време доброволецът има друго посещение."), code="clash")
    if visit.state == VisitState.CONFIRMED:
        lifecycle.move_visit(visit, VisitState.SCHEDULED, actor=actor, now=now, verb="moved")
    try:
        with transaction.atomic():
            VisitSeat.objects.filter(visit=visit, live=True).update(start=start, end=end)
    except IntegrityError as error:
        raise Gone(_("По това време доброволецът има друго посещение."), code="clash") from error
    Offer.objects.filter(visit_seat__in=[seat.pk for seat in taken]).update(start=start, end=end)
    visit.start, visit.end, visit.sequence = start, end, visit.sequence + 1
    visit.save(update_fields=["start", "end", "sequence", "updated_at"])
    _request_after_move(visit, actor, now)
    desk_tasks.finish_about(
        subject_type="help_request",
        subject_id=visit.help_request_id,
        kinds=[TaskKind.MOVE_ASKED],
        result="moved",
        now=now,
    )
    notices.visit_moved(visit, now=now)
    return visit


def _request_after_move(visit: Visit, actor: Actor, now: datetime) -> None:
    help_request = visit.help_request
    step_at = visit.start + steps.CHECK_IN_GRACE
    if help_request.state == RequestState.CONFIRMED:
        lifecycle.move_request(
            help_request,
            RequestState.SCHEDULED,
            actor=actor,
            now=now,
            verb="moved",
            step=NextStep.VISIT,
            step_at=step_at,
        )
        return
    if help_request.state == RequestState.PARTLY_STAFFED:
        offers.withdraw_all(help_request, actor=actor, now=now, verb="moved")
        step_at = steps.second_until(visit.start, rules_of(help_request.municipality), now)
        lifecycle.set_step(help_request, NextStep.SECOND_PERSON, step_at)
    else:
        lifecycle.set_step(help_request, NextStep.VISIT, step_at)
    lifecycle.journal(help_request, verb="moved", actor=actor, now=now, subject=visit, subject_type="visit")


@transaction.atomic
def give_back(*, visit_id: UUID, volunteer: Volunteer, actor: Actor, now: datetime) -> None:
    """The volunteer cannot come after all: one tap, before check-in. The search begins again.

    Giving back twice changes nothing. Raises DomainError (`illegal_move`).
    """
    visit = _locked(visit_id)
    seat = visit.seats.filter(volunteer=volunteer, live=True).first()
    if seat is None:
        return
    if visit.state not in (VisitState.SCHEDULED, VisitState.CONFIRMED):
        raise DomainError(_("Посещението вече тече или е приключило."), code="illegal_move")
    help_request = visit.help_request
    others = visit.seats.filter(live=True).exclude(pk=seat.pk).exists()
    seats.release(seat, actor=actor, now=now, verb="cannot_come")
    if visit.start - now < timedelta(hours=24):
        HelpRequest.objects.filter(pk=help_request.pk).update(urgency=Urgency.TODAY)
        help_request.urgency = Urgency.TODAY
    if others:
        if visit.state == VisitState.CONFIRMED:
            # What was confirmed was a visit by those two.
            lifecycle.move_visit(visit, VisitState.SCHEDULED, actor=actor, now=now, verb="cannot_come")
        until = steps.second_until(visit.start, rules_of(help_request.municipality), now)
        if help_request.state != RequestState.PARTLY_STAFFED:
            lifecycle.move_request(
                help_request, RequestState.PARTLY_STAFFED, actor=actor, now=now, verb="cannot_come",
                step=NextStep.SECOND_PERSON, step_at=until,
            )  # fmt: skip
    else:
        offers.withdraw_all(help_request, actor=actor, now=now, verb="cannot_come")
        seats.dissolve(visit, actor=actor, now=now, verb="cannot_come")
        reopen_for_planning(help_request, actor=actor, now=now, verb="cannot_come")
        notices.visit_lost_its_visitor(visit, now=now)
    desk_tasks.ask(
        municipality=help_request.municipality, kind=TaskKind.CANNOT_COME, subject_type="help_request",
        subject_id=help_request.pk, due_at=now, now=now, facts={"volunteer": str(volunteer.pk)},
    )  # fmt: skip


def reopen_for_planning(help_request: HelpRequest, *, actor: Actor, now: datetime, verb: str) -> None:
    """Back to OPEN within the same attempt, in the caller's locks."""
    step, step_at = steps.when_open(help_request, now)
    lifecycle.move_request(help_request, RequestState.OPEN, actor=actor, now=now, verb=verb, step=step, step_at=step_at)


@transaction.atomic
def missed(*, visit_id: UUID, actor: Actor, now: datetime) -> Visit:
    """Nobody of us came: the desk says so after asking. The person is told, the search begins again.

    Saying so twice changes nothing. Raises DomainError (`too_early`) before the visit's time, IllegalMove.
    """
    visit = _locked(visit_id)
    if visit.state == VisitState.NO_SHOW:
        return visit
    if now < visit.start:
        raise DomainError(code="too_early")
    for seat in visit.seats.filter(live=True):
        seats.release(seat, actor=actor, now=now, verb="no_show")
    lifecycle.move_visit(visit, VisitState.NO_SHOW, actor=actor, now=now, verb="no_show")
    offers.withdraw_all(visit.help_request, actor=actor, now=now, verb="no_show")
    reopen_for_planning(visit.help_request, actor=actor, now=now, verb="no_show")
    desk_tasks.finish_about(
        subject_type="visit", subject_id=visit.pk, kinds=[TaskKind.NO_SHOW], result="no_show", now=now
    )
    notices.visit_lost_its_visitor(visit, now=now)
    return visit


@transaction.atomic
def ask_another_time(*, visit_id: UUID, volunteer: Volunteer, note: str, actor: Actor, now: datetime) -> None:
    """The volunteer would rather come at another time: the desk phones both and moves it."""
    no_secrets(note)
    visit = _locked(visit_id)
    task = desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.MOVE_ASKED, subject_type="help_request",
        subject_id=visit.help_request_id, due_at=now, now=now,
        facts={"by": "volunteer", "volunteer": str(volunteer.pk)},
    )  # fmt: skip
    task.note = note
    task.save(update_fields=["note"])
    lifecycle.journal(visit.help_request, verb="move_asked", actor=actor, now=now, subject=visit, subject_type="visit")


@transaction.atomic
def need_help(*, visit_id: UUID, actor: Actor, now: datetime) -> None:
    """„Нужна ми е помощ“: the coordinator calls the volunteer at once."""
    visit = _locked(visit_id)
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.HELP_NEEDED, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip
    lifecycle.journal(visit.help_request, verb="help_needed", actor=actor, now=now, subject=visit, subject_type="visit")


def overdue_check_out(visit: Visit, *, now: datetime) -> None:
    """The visit should be over: the coordinator calls. In the caller's transaction."""
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.CHECKOUT_OVERDUE, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip
    lifecycle.set_step(visit.help_request, NextStep.CHECK_OUT, now + timedelta(hours=1))


def not_begun(visit: Visit, *, now: datetime) -> None:
    """Past its start and nobody checked in: the coordinator asks what happened. In the caller's transaction."""
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.NO_SHOW, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip
    lifecycle.set_step(visit.help_request, NextStep.VISIT, now + timedelta(hours=1))


def _locked(visit_id: UUID) -> Visit:
    """The visit with its people and request locked in the written order."""
    seen = Visit.objects.filter(pk=visit_id).values_list("help_request_id", flat=True).first()
    if seen is None:
        raise Gone(_("Това посещение вече го няма."), code="gone")
    locks.volunteers(VisitSeat.objects.filter(visit=visit_id, live=True).values_list("volunteer_id", flat=True))
    help_request = locks.help_requests([seen])[seen]
    visit = locks.for_update(Visit.objects.filter(pk=visit_id)).get()
    visit.help_request = help_request
    return visit
