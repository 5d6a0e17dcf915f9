"""Run by beat and after a nudge; a second run changes nothing."""

from celery import shared_task
from django.utils import timezone

from notifications.services import sending


@shared_task
def send_due() -> None:
    sending.send_due(now=timezone.now())


@shared_task
def reclaim_stale() -> None:
    sending.reclaim_stale(now=timezone.now())
