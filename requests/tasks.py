"""Background doors: each calls one service. Run twice, the second run changes nothing."""

from celery import shared_task
from django.utils import timezone

from requests.services import sweep as sweeping


@shared_task(name="requests.tasks.sweep", ignore_result=True)
def sweep() -> None:
    sweeping.run(now=timezone.now())
