"""Run by beat and after a nudge; a second run changes nothing."""

from celery import shared_task
from django.utils import timezone

from accounts.services import knocks


@shared_task
def answer_knocks() -> None:
    knocks.answer_all(now=timezone.now())
