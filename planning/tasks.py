"""Background doors: each finds or takes one municipality or one part and calls one service. Twice changes nothing."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from places.models import Municipality
from planning.services import advice, joins, ladder, parts, rounds


@shared_task(name="planning.tasks.plan_due", ignore_result=True)
def plan_due() -> None:
    due = rounds.due(now=timezone.now())
    for municipality in due.now:
        plan_municipality.delay(municipality.pk)
    if due.soon:
        # A burst of changes has just begun: look again when it has settled. Lost, beat looks.
        plan_due.apply_async(countdown=rounds.DEBOUNCE.total_seconds() + 1)
    for municipality in due.held:
        ask_next.delay(municipality.pk)
    _send(parts.due(now=timezone.now()))


@shared_task(name="planning.tasks.ask_next", ignore_result=True)
def ask_next(code: str) -> None:
    ladder.step_in(Municipality.objects.get(pk=code), now=timezone.now())


@shared_task(name="planning.tasks.plan_municipality", ignore_result=True)
def plan_municipality(code: str) -> None:
    plan_round = rounds.run(municipality=Municipality.objects.get(pk=code), now=timezone.now())
    if plan_round is not None and plan_round.parts_until is not None:
        _send(parts.of_round(plan_round, now=timezone.now()))
    if rounds.due(now=timezone.now()).now:
        # Somebody said no while this was planned: the next in line does not wait for the schedule.
        plan_due.delay()


@shared_task(name="planning.tasks.plan_part", ignore_result=True)
def plan_part(part: str) -> None:
    due = parts.solve(part_id=UUID(part), now=timezone.now())
    # Whoever solved the last one joins them, in this very task.
    for plan_round in due.joins:
        joins.run(round_id=plan_round, now=timezone.now())
    _send(parts.Next(parts=due.parts))


@shared_task(name="planning.tasks.join_parts", ignore_result=True)
def join_parts(plan_round: str) -> None:
    joins.run(round_id=UUID(plan_round), now=timezone.now())


def _send(due: parts.Next) -> None:
    for part in due.parts:
        plan_part.delay(str(part))
    for plan_round in due.joins:
        join_parts.delay(str(plan_round))


@shared_task(name="planning.tasks.advise_due", ignore_result=True)
def advise_due() -> None:
    for municipality in advice.due(now=timezone.now()):
        advise_municipality.delay(municipality.pk)


@shared_task(name="planning.tasks.advise_municipality", ignore_result=True)
def advise_municipality(code: str) -> None:
    advice.make(municipality=Municipality.objects.get(pk=code), now=timezone.now())
