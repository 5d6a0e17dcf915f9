"""Starting a bare worker, nudging it and seeing what it did."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery

from ops.guard import signal_group
from tests.services.fixtures import ROOT

PATIENCE_SECONDS = 30.0
TASK = "tests.core.bare_worker.touch"
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start(broker, **environment)`: the worker, which ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(broker: str, **extra: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "tests.core.bare_worker", "worker"]
        command += ["--concurrency", "1", "--without-gossip", "--without-mingle"]
        environment = os.environ | {"FOLDER": str(tmp_path), "BROKER": broker, "CELERY_BROKER_URL": broker} | extra
        environment.pop("DJANGO_SETTINGS_MODULE", None)  # Django would register our transports in the control too
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True))
        return started[-1]

    yield start
    for worker in started:
        signal_group(worker.pid, 9)
        worker.wait()


def tell(app: Celery, name: str, seconds: float = 0.0) -> None:
    """Over the broker the app was made with, whatever the environment says."""
    with app.connection_for_write(app.main) as connection:
        app.send_task(TASK, [name, seconds], connection=connection)


def is_there(path: Path, within: float = PATIENCE_SECONDS) -> bool:
    deadline = time.monotonic() + within
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return path.exists()
