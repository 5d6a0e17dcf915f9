"""What happens to a visit that was arranged: moved, given back, missed. The search begins again where it must."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Gone, Invalid
from core.validators import no_secrets
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.selectors import rules_of
from requests import notices
from requests.models import HelpRequest, Offer, Visit, VisitSeat
from requests.services import lifecycle, locks, seats, steps, withdrawals
from requests.services.actors import Actor
from requests.states import NextStep, RequestState, Urgency, VisitState
from volunteers.models import Volunteer

LAST_DAY = timedelta(hours=24)


@transaction.atomic
def ask_another_time(*, visit_id: UUID, volunteer: Volunteer, note: str, actor: Actor, now: datetime) -> None:
    """The volunteer would rather come at another time: the desk phones both and moves it."""
    no_secrets(note)
    visit = locks.visit(visit_id)
    task = desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.MOVE_ASKED, subject_type="help_request",
        subject_id=visit.help_request_id, due_at=now, now=now,
        facts={"by": "volunteer", "volunteer": str(volunteer.pk)},
    )  # fmt: skip
    task.note = note
    task.save(update_fields=["note"])
    lifecycle.journal(visit.help_request, verb="move_asked", actor=actor, now=now, subject=visit, subject_type="visit")


@transaction.atomic
def move(*, visit_id: UUID, start: datetime, actor: Actor, now: datetime) -> Visit:
    """Another time for the same people, agreed by the desk. Raises Invalid (`past`), Gone (`clash`)."""
    if start <= now:
        raise Invalid(_("Изберете час, който още не е минал."), code="past", field="start")
    visit = locks.visit(visit_id)
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
        withdrawals.withdraw_all(help_request, actor=actor, now=now, verb="moved")
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
    visit = locks.visit(visit_id)
    seat = visit.seats.filter(volunteer=volunteer, live=True).first()
    if seat is None:
        return
    if visit.state not in (VisitState.SCHEDULED, VisitState.CONFIRMED):
        raise DomainError(_("Посещението вече тече или е приключило."), code="illegal_move")
    help_request = visit.help_request
    others = visit.seats.filter(live=True).exclude(pk=seat.pk).exists()
    seats.release(seat, actor=actor, now=now, verb="cannot_come")
    _raise_urgency(help_request, visit.start - now)
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
        notices.visit_lost_one(visit, seat.pk, now=now)
    else:
        withdrawals.withdraw_all(help_request, actor=actor, now=now, verb="cannot_come")
        seats.dissolve(visit, actor=actor, now=now, verb="cannot_come")
        withdrawals.reopen_for_planning(help_request, actor=actor, now=now, verb="cannot_come")
        notices.visit_lost_its_visitor(visit, now=now)
    desk_tasks.ask(
        municipality=help_request.municipality, kind=TaskKind.CANNOT_COME, subject_type="help_request",
        subject_id=help_request.pk, due_at=now, now=now, facts={"volunteer": str(volunteer.pk)},
    )  # fmt: skip


def _raise_urgency(help_request: HelpRequest, left: timedelta) -> None:
    """A promise was made for that hour: whoever is sought now is sought sooner. On the last day it is urgent."""
    raised = Urgency.TODAY if left < LAST_DAY or help_request.urgency != Urgency.IN_TIME else Urgency.THREE_DAYS
    HelpRequest.objects.filter(pk=help_request.pk).update(urgency=raised)
    help_request.urgency = raised


@transaction.atomic
def missed(*, visit_id: UUID, actor: Actor, now: datetime) -> Visit:
    """Nobody of us came: the desk says so after asking. The person is told, the search begins again.

    Saying so twice changes nothing. Raises DomainError (`too_early`) before the visit's time, IllegalMove.
    """
    visit = locks.visit(visit_id)
    if visit.state == VisitState.NO_SHOW:
        return visit
    if now < visit.start:
        raise DomainError(code="too_early")
    for seat in visit.seats.filter(live=True):
        seats.release(seat, actor=actor, now=now, verb="no_show")
    lifecycle.move_visit(visit, VisitState.NO_SHOW, actor=actor, now=now, verb="no_show")
    withdrawals.withdraw_all(visit.help_request, actor=actor, now=now, verb="no_show")
    withdrawals.reopen_for_planning(visit.help_request, actor=actor, now=now, verb="no_show")
    desk_tasks.finish_about(
        subject_type="visit", subject_id=visit.pk, kinds=[TaskKind.NO_SHOW], result="no_show", now=now
    )
    notices.visit_lost_its_visitor(visit, now=now)
    return visit
