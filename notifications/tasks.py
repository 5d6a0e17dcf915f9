"""Run by beat and after a nudge; a second run changes nothing.

They have a queue of their own (`config.celery`), so that no plan that takes long keeps a message waiting.
"""

from celery import shared_task
from django.utils import timezone

from notifications.services import sending, watch, webhook_sending


@shared_task
def send_due() -> None:
    sending.send_due(now=timezone.now())


@shared_task
def watch_messages() -> None:
    watch.run(now=timezone.now())


@shared_task
def deliver_webhooks() -> None:
    webhook_sending.deliver_due(now=timezone.now())


@shared_task
def purge_webhooks() -> None:
    webhook_sending.purge(now=timezone.now())
