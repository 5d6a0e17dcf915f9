"""`start_server(env=…)`: the web server as an installation runs it, on this test's database; answers its address."""

from __future__ import annotations

import socket
import sys
import time
import urllib.request
from collections.abc import Callable

import pytest
from django.conf import settings

from tests.services.fixtures import Process, test_database_url

READY_SECONDS = 60.0


@pytest.fixture
def start_server(transactional_db: None, start_process: Callable[..., Process]) -> Callable[..., str]:
    def start(env: dict[str, str] | None = None) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "1", "--blocking-threads", "4", "config.wsgi:application"),
        ]
        start_process("web", command, {**surroundings(), **(env or {})})
        address = f"http://127.0.0.1:{port}"
        _answers(f"{address}/healthz")
        return address

    return start


def surroundings() -> dict[str, str]:
    """No debugging, and the keys of the test's own process."""
    return {
        "DATABASE_URL": test_database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "LOOKUP_KEY": settings.LOOKUP_KEY,
        "LEAKED_PASSWORDS": "common",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "BUILDING": "0",
    }


def _answers(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "the server never answered 200"
            time.sleep(0.2)
