"""Fixtures that start the project's own processes against the services of the test run.

- `real_worker`: a running `celery -A config worker` on this test's PostgreSQL database and Redis.
- `start_worker(concurrency=…, env=…)`: a factory for more workers, or for one that is started later.
- `start_process(name, command, env=…)`: any other command, with its log kept and no orphan left.
- `broker_url`: the Celery broker of this xdist worker; `flush_broker()` empties it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ops import guard

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER_READY_SECONDS = 60.0


class Process:
    """A command in a process group of its own, with its output in a file."""

    def __init__(self, command: list[str], log: Path, env: dict[str, str]) -> None:
        self.command, self.log_path, self.env = command, log, env
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._popen is not None
        return self._popen.pid

    def start(self) -> None:
        with self.log_path.open("ab") as log:
            self._popen = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def alive(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def wait_for(self, text: str, seconds: float = WORKER_READY_SECONDS) -> None:
        """Wait until the log holds the text. Fails with the log when the process ends or time is up."""
        deadline = time.monotonic() + seconds
        while text not in self.log():
            if not self.alive() or time.monotonic() > deadline:
                raise AssertionError(f"{' '.join(self.command)} never said {text!r}:\n{self.log()[-4000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9` for the process and every child of it."""
        if self._popen:
            guard.signal_group(self._popen.pid, signal.SIGKILL)
            self._popen.wait()

    def stop(self, seconds: float = 15.0) -> None:
        if self._popen is None:
            return
        guard.signal_group(self._popen.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)
        self.kill()


def kill_children(pid: int) -> int:
    """`kill -9` for whom this process started, a worker's processes that work; how many they were."""
    children = [int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()]
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return len(children)


def test_database_url() -> str:
    """DATABASE_URL of the database this test writes to (pytest-django's, with the xdist suffix)."""
    from django.db import connection

    settings = connection.settings_dict
    name = str(settings["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(name)}"
    return f"postgres://{settings['USER']}@/{name}?host={settings['HOST']}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def start(name: str, command: list[str], env: dict[str, str] | None = None, inherit: bool = True) -> Process:
        log = tmp_path / f"{name}-{len(started)}.log"
        inherited = os.environ if inherit else {}
        process = Process(command, log, {**inherited, "PYTHONUNBUFFERED": "1", **(env or {})})
        process.start()
        started.append(process)
        return process

    yield start
    for process in reversed(started):
        process.stop()


@pytest.fixture
def start_worker(transactional_db: None, start_process: Callable[..., Process]) -> Callable[..., Process]:
    """Start a Celery worker and wait until it takes messages."""

    def start(concurrency: int = 1, env: dict[str, str] | None = None, wait: bool = True) -> Process:
        # Django's checks of every page and form run in `./run check`, and where a proof starts what Compose starts.
        command = [
            *(sys.executable, "-m", "celery", "--skip-checks", "-A", "config", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(concurrency), "--without-gossip", "--without-mingle"),
        ]
        worker = start_process("worker", command, {"DATABASE_URL": test_database_url(), **(env or {})})
        if wait:
            worker.wait_for(" ready.")
        return worker

    return start


@pytest.fixture
def real_worker(start_worker: Callable[..., Process]) -> Process:
    return start_worker()


@pytest.fixture
def broker_url() -> str:
    return os.environ["CELERY_BROKER_URL"]


@pytest.fixture
def flush_broker(broker_url: str) -> Callable[[], Any]:
    """Everything this test's installation has in Redis is gone, as by FLUSHALL.

    Each xdist worker has a database of its own: another proof that flushes at the same time takes nothing from here.
    """
    return _own_redis(broker_url).flushdb


def _own_redis(broker_url: str) -> Any:
    import redis

    socket, _, query = broker_url.removeprefix("redis+socket://").partition("?")
    return redis.Redis(unix_socket_path=socket, db=int(query.rpartition("=")[2] or 0))


@pytest.fixture(autouse=True)
def _no_messages_left(request: pytest.FixtureRequest) -> None:
    """A test with a worker starts with an empty queue of its own."""
    if "start_worker" in request.fixturenames and (url := os.environ.get("CELERY_BROKER_URL")):
        _own_redis(url).flushdb()
