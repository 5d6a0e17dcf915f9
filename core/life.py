"""Signs of life of the worker and the schedule: the age of a file, read by `python -m ops.health`."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from celery.signals import after_task_publish, beat_init, heartbeat_sent
from django.conf import settings


def connect() -> None:
    """Called once by the Celery app. Only a worker sends heartbeats, only beat sends its own beginning."""
    heartbeat_sent.connect(_worker_lives)
    beat_init.connect(_beat_begins)


def sign_file(name: str) -> Path:
    return Path(settings.VAR_DIR) / "alive" / f"{name}-{socket.gethostname()}"


def give_sign(name: str) -> None:
    path = sign_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def _worker_lives(**kwargs: Any) -> None:
    """A worker that is connected to its broker beats every two seconds."""
    give_sign("worker")


def _beat_begins(**kwargs: Any) -> None:
    """From here on every message this process publishes is one of the schedule."""
    give_sign("beat")
    after_task_publish.connect(_beat_lives)


def _beat_lives(**kwargs: Any) -> None:
    give_sign("beat")
