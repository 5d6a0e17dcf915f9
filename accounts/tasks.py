"""Run by beat and after a nudge; a second run changes nothing."""

from celery import shared_task
from django.utils import timezone

from accounts.services import knocks, printed


@shared_task
def answer_knocks() -> None:
    knocks.answer_all(now=timezone.now())


@shared_task
def hash_printed_codes() -> None:
    """Until no sheet from before is left; then it reads one empty query."""
    printed.hash_old()
