"""The Celery app with the whole beat schedule.

Rows are the queue: a message only nudges, and every beat entry finds the same work by a query.
So a flushed broker or a killed worker loses nothing; there is no result backend.
"""

import os

from celery import Celery

from core import files_broker, life

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("digital_volunteers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
life.connect()
files_broker.register()

MINUTE = 60.0

app.conf.beat_schedule = {
    "send-messages": {"task": "notifications.tasks.send_due", "schedule": 15.0},
    "reclaim-messages": {"task": "notifications.tasks.reclaim_stale", "schedule": MINUTE},
    "sweep-requests": {"task": "requests.tasks.sweep", "schedule": 30.0},
    "plan-due": {"task": "planning.tasks.plan_due", "schedule": 20.0},
    "advise-due": {"task": "planning.tasks.advise_due", "schedule": MINUTE},
}
