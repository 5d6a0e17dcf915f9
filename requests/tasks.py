"""Background doors: each calls one service. Run twice, the second run changes nothing."""

from celery import shared_task
from django.utils import timezone

from requests.services import anchoring, keeping, openings, replies
from requests.services import sweep as sweeping


@shared_task(name="requests.tasks.sweep", ignore_result=True)
def sweep() -> None:
    sweeping.run(now=timezone.now())


@shared_task(name="requests.tasks.read_replies", ignore_result=True)
def read_replies() -> None:
    replies.read_all(now=timezone.now())


@shared_task(name="requests.tasks.watch_openings", ignore_result=True)
def watch_openings() -> None:
    openings.watch(now=timezone.now())


@shared_task(name="requests.tasks.keep_terms", ignore_result=True)
def keep_terms() -> None:
    keeping.run(now=timezone.now())


@shared_task(name="requests.tasks.anchor_journal", ignore_result=True)
def anchor_journal() -> None:
    anchoring.anchor(now=timezone.now())
