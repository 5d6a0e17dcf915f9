"""Background doors: each finds or takes one municipality and calls one service. Twice changes nothing."""

from celery import shared_task
from django.utils import timezone

from places.models import Municipality
from planning.services import rounds


@shared_task(name="planning.tasks.plan_due", ignore_result=True)
def plan_due() -> None:
    for municipality in rounds.due(now=timezone.now()):
        plan_municipality.delay(municipality.pk)


@shared_task(name="planning.tasks.plan_municipality", ignore_result=True)
def plan_municipality(code: str) -> None:
    rounds.run(municipality=Municipality.objects.get(pk=code), now=timezone.now())
