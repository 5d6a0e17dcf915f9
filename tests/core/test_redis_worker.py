"""A worker whose Redis is killed while a task runs takes the next message of the Redis that comes back."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection

from core import redis_broker
from ops import throwaway
from tests.core.bare import Start, is_there, start, tell

__all__ = ["start"]

pytestmark = [pytest.mark.slow, pytest.mark.worker]
TASK_SECONDS = 2.0
END_SECONDS = 10.0
TRIES = 5  # seldom the connection is noticed as lost before it is closed, and the worker goes on


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Starts Redis, or kills it and starts it again; answers its address."""
    binary = throwaway.redis_binary(Path(sys.executable).parent)
    socket = tmp_path_factory.mktemp("r") / "redis.sock"
    started: list[subprocess.Popen[bytes]] = []

    def again() -> str:
        assert binary is not None
        for running in started[-1:]:
            running.kill()
            running.wait()
            socket.unlink()
        started.append(subprocess.Popen(throwaway.redis_command(binary, socket), stdout=subprocess.DEVNULL))
        assert is_there(socket)
        return f"redis+socket://{socket}"

    yield again
    started[-1].kill()
    started[-1].wait()


def lose_redis_during_a_task(folder: Path, app: Celery, redis: Callable[[], str]) -> None:
    tell(app, "during", TASK_SECONDS)
    assert is_there(folder / "during-begun")
    redis()


@pytest.mark.parametrize("address", ["redis://", "rediss://", "redis+socket:///redis.sock"])
def test_the_address_means_our_transport(address: str) -> None:
    redis_broker.register()
    assert type(Connection(address).transport) is redis_broker.Transport


def test_the_worker_goes_on(tmp_path: Path, start: Start, redis: Callable[[], str]) -> None:
    app = Celery(redis())
    worker = start(app.main)
    lose_redis_during_a_task(tmp_path, app, redis)
    assert is_there(tmp_path / "during")
    tell(app, "after")
    assert is_there(tmp_path / "after")
    assert worker.poll() is None


def test_the_control_with_kombus_own_transport_ends(tmp_path: Path, start: Start, redis: Callable[[], str]) -> None:
    assert any(_ends(tmp_path, start, redis) for _try in range(TRIES))


def _ends(folder: Path, start: Start, redis: Callable[[], str]) -> bool:
    app = Celery(redis())
    worker = start(app.main, AS_KOMBU="1")
    lose_redis_during_a_task(folder, app, redis)
    (folder / "during-begun").unlink()
    deadline = time.monotonic() + END_SECONDS
    while worker.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    return worker.poll() is not None
