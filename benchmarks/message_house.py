"""An installation for the measuring of messages: PostgreSQL, Redis, a slow gateway, real workers and the schedule.

Everything is thrown away with the process that made it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

import httpx

from ops import throwaway
from ops.guard import Guard

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0


class House:
    """`with House(gateway_seconds=0.05) as house:`, then `django.setup()` finds its environment."""

    def __init__(self, *, gateway_seconds: float, workers: int = 2) -> None:
        self.guard = Guard()
        self.folder = Path(tempfile.mkdtemp(prefix="dv-messages-"))
        self.guard.remove(self.folder)
        self.workers, self.gateway_seconds, self.port = workers, gateway_seconds, _free_port()
        self._started = 0

    def __enter__(self) -> House:
        body = {"to": "{to}", "from": "{from}", "text": "{text}", "id": "{id}"}
        gateway = {"url": f"http://127.0.0.1:{self.port}/", "body": body, "reference": "id"}
        given = {
            "DJANGO_SETTINGS_MODULE": "config.settings", "BUILDING": "1", "DATABASE_URL": self.database(),
            "CELERY_BROKER_URL": self.broker(), "SMS_GATEWAY": json.dumps(gateway), "VAR_DIR": str(self.folder),
            "SITE_URL": "https://dobrovolci.example", "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        for name in ("DEMO", "DEBUG", "KANNEL_URL", "SMS_TO_FILES", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ.update(given)
        self.prepare()
        self.start("gateway", "benchmarks.slow_gateway", str(self.port), "--seconds", str(self.gateway_seconds))
        self.worker = self.start_worker()
        self.beat = self.start_beat()
        return self

    def database(self) -> str:
        """Start it; its DATABASE_URL."""
        cluster = throwaway.start_postgres(self.guard)
        cluster.sql("CREATE DATABASE dv")
        return cluster.url("dv")

    def broker(self) -> str:
        """Start it; its CELERY_BROKER_URL."""
        return throwaway.start_redis(self.guard, throwaway.redis_binary(Path(sys.executable).parent))

    def prepare(self) -> None:
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.guard.close()

    def start_worker(self) -> subprocess.Popen[bytes]:
        """A sender as in Compose, of so many processes, which plans nothing; waits until it takes messages."""
        options = ("--concurrency", str(self.workers), "--queues", "messages", "--without-gossip", "--without-mingle")
        worker = self.start("worker", *_celery("worker", *options, "--loglevel", "INFO"))
        log, deadline = self.folder / f"worker-{self._started}.log", time.monotonic() + START_SECONDS
        while b" ready." not in log.read_bytes():
            if time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        return worker

    def start_beat(self) -> subprocess.Popen[bytes]:
        return self.start("beat", *_celery("beat", "--pidfile=", "--schedule", str(self.folder / "schedule")))

    def start(self, name: str, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        self._started += 1
        with (self.folder / f"{name}-{self._started}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.guard.watch(process.pid)
        return process

    def arrived(self) -> dict[str, int]:
        """What the gateway was given: a message's key, and how often."""
        said: dict[str, int] = httpx.get(f"http://127.0.0.1:{self.port}/", trust_env=False).json()["ids"]
        return said


def _celery(*arguments: str) -> tuple[str, ...]:
    return ("celery", "--skip-checks", "-A", "config", *arguments)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
