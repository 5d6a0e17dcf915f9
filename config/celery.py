"""The Celery app with the whole beat schedule.

Rows are the queue: a message only nudges, and every beat entry finds the same work by a query.
So a flushed broker or a killed worker loses nothing; there is no result backend.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_init
from django.conf import settings
from kombu import Exchange, Queue

from core import files_broker, life, metrics, redis_broker, request_ids

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("digital_volunteers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
life.connect()
metrics.connect()
request_ids.connect()
files_broker.register()
redis_broker.register()


@celeryd_init.connect
def _with_keys(**kwargs: Any) -> None:
    """No worker begins without a key that its tasks use. Celery would go on after any milder end."""
    queues = kwargs["options"].get("queues")
    only_messages = queues in ("messages", ["messages"])
    if settings.PROCESS and not (settings.PROCESS == "sender" and only_messages):
        raise SystemExit(f"PROCESS={settings.PROCESS}: this worker needs more keys. Leave PROCESS out.")


MINUTE = 60.0

# A worker takes both unless `-Q` says otherwise: one that takes only messages keeps them from waiting behind plans.
app.conf.task_queues = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "messages")]
app.conf.task_default_queue = "celery"
_told = ("notifications.tasks.*", "accounts.tasks.*")
app.conf.task_routes = {name: {"queue": "messages"} for name in _told}

app.conf.beat_schedule = {
    # What becomes due at its hour has no nudge. One that was not run meanwhile is not worth running.
    "send-messages": {"task": "notifications.tasks.send_due", "schedule": 5.0, "options": {"expires": 10.0}},
    "answer-knocks": {"task": "accounts.tasks.answer_knocks", "schedule": 10.0, "options": {"expires": 20.0}},
    "hash-printed-codes": {"task": "accounts.tasks.hash_printed_codes", "schedule": 60 * MINUTE},
    "watch-messages": {"task": "notifications.tasks.watch_messages", "schedule": 30.0},
    "deliver-webhooks": {"task": "notifications.tasks.deliver_webhooks", "schedule": 15.0},
    "purge-webhooks": {"task": "notifications.tasks.purge_webhooks", "schedule": 60 * MINUTE},
    "read-replies": {"task": "requests.tasks.read_replies", "schedule": 30.0},
    "sweep-requests": {"task": "requests.tasks.sweep", "schedule": 30.0},
    "watch-openings": {"task": "requests.tasks.watch_openings", "schedule": 10 * MINUTE},
    "keep-terms": {"task": "requests.tasks.keep_terms", "schedule": crontab(hour=3, minute=20)},
    # Once a night; asked again in case a broker or a worker was away.
    "anchor-journal": {"task": "requests.tasks.anchor_journal", "schedule": crontab(minute=20, hour="1-5")},
    "plan-due": {"task": "planning.tasks.plan_due", "schedule": 20.0},
    "advise-due": {"task": "planning.tasks.advise_due", "schedule": MINUTE},
}
