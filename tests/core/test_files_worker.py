"""A worker on the broker of files whose idle process is killed goes on with the next message."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from celery import Celery

from tests.core.bare import Start, is_there, start, tell
from tests.core.bare_worker import options
from tests.services.fixtures import kill_children

__all__ = ["start"]

pytestmark = pytest.mark.slow
DEAF_SECONDS = 6.0
KILLS = 3
FILES = "filesystem://"


@pytest.fixture
def files(tmp_path: Path) -> Celery:
    app = Celery(FILES)
    app.conf.broker_transport_options = options(tmp_path)
    return app


def kill_idle(worker: int) -> None:
    time.sleep(0.5)
    assert kill_children(worker), "nobody was killed"


def test_an_idle_process_that_is_killed_is_replaced(tmp_path: Path, start: Start, files: Celery) -> None:
    worker = start(FILES)
    tell(files, "first")
    assert is_there(tmp_path / "first")
    for number in range(KILLS):
        kill_idle(worker.pid)
        tell(files, f"after-{number}")
        assert is_there(tmp_path / f"after-{number}")


def test_the_control_without_the_event_loop_stays_deaf(tmp_path: Path, start: Start, files: Celery) -> None:
    worker = start(FILES, AS_KOMBU="1")
    tell(files, "first")
    assert is_there(tmp_path / "first")
    kill_idle(worker.pid)
    tell(files, "after")
    assert not is_there(tmp_path / "after", DEAF_SECONDS)
