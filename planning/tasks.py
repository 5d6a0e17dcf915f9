"""Background doors: each finds or takes one municipality and calls one service. Twice changes nothing."""

from celery import shared_task
from django.utils import timezone

from places.models import Municipality
from planning.services import rounds


@shared_task(name="planning.tasks.plan_due", ignore_result=True)
def plan_due() -> None:
    due = rounds.due(now=timezone.now())
    for municipality in due.now:
        plan_municipality.delay(municipality.pk)
    if due.soon:
        # A burst of changes has just begun: look again when it has settled. Lost, beat looks.
        plan_due.apply_async(countdown=rounds.DEBOUNCE.total_seconds() + 1)


@shared_task(name="planning.tasks.plan_municipality", ignore_result=True)
def plan_municipality(code: str) -> None:
    rounds.run(municipality=Municipality.objects.get(pk=code), now=timezone.now())
