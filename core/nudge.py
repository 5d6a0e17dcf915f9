"""Telling a worker that there is work. The rows are the queue: a lost nudge only means that beat finds it."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# Two nudges for one task lie at least this far apart: the later one waits and covers what came between.
GAP_SECONDS = 1.0
# After a broker did not answer, beat alone finds the work for this long.
REST_SECONDS = 30.0
TRY_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}

_lock = threading.Lock()
_covered_until: dict[str, float] = {}


def nudge_on_commit(task: str) -> None:
    """Nudge the task (by its name) once this transaction is committed; at once outside of one."""
    transaction.on_commit(partial(nudge, task))


def nudge(task: str) -> None:
    """Send the task by name, at most about once a second for each name in this process.

    A broker that does not answer is logged, never raised.
    """
    delay = _delay(task, time.monotonic())
    if delay is None:
        return
    try:
        current_app.send_task(task, countdown=delay or None, retry_policy=TRY_ONCE)
    except OperationalError as error:
        with _lock:
            _covered_until[task] = time.monotonic() + REST_SECONDS
        logger.warning("No broker for %s (%s); beat will find the work", task, type(error).__name__)


def _delay(task: str, moment: float) -> float | None:
    """Seconds to wait before the task runs; None when one that has yet to run covers this as well."""
    with _lock:
        covered = _covered_until.get(task, moment - 2 * GAP_SECONDS)
        if covered > moment:
            return None
        delay = 0.0 if moment - covered >= GAP_SECONDS else GAP_SECONDS
        _covered_until[task] = moment + delay
        return delay


def forget() -> None:
    """Forget what was sent: for a process that starts anew."""
    with _lock:
        _covered_until.clear()
