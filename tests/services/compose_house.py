"""What docker-compose.yml would start, on this machine: its very commands, flags and certificates.

In place of the containers' host names and volumes stand loopback ports and folders; nothing else is different. One
line more in pg_hba.conf lets the test's own hand in by the socket.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ops import throwaway
from ops.guard import THROWAWAY_GRACE, Guard
from tests.ops import compose
from tests.ops.test_compose_file import VALUES
from tests.services.fixtures import ROOT

WELL_SECONDS = 60.0
HAND = "local all all trust\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def service(name: str) -> dict[str, Any]:
    found = compose.load(VALUES)["services"][name]
    assert isinstance(found, dict)
    return found


@dataclass
class House:
    """PostgreSQL and Redis of the file; `folder` holds each service's certificates as its volume would."""

    folder: Path
    cluster: throwaway.Postgres
    redis_port: int

    def tls(self, name: str) -> Path:
        return self.folder / name

    def database_url(self, name: str) -> str:
        url = str(service(name)["environment"]["DATABASE_URL"])
        here = url.replace("@postgres/dv?", f"@postgres:{self.cluster.port}/dv?hostaddr=127.0.0.1&")
        assert here != url, url
        return here.replace("/tls/", f"{self.tls(name)}/")

    def redis_url(self, name: str) -> str:
        url = str(service(name)["environment"]["REDIS_URL"])
        here = url.replace("//redis:6379/", f"//localhost:{self.redis_port}/")
        assert here != url, url
        return here.replace("/tls/", f"{self.tls(name)}/")

    def environment(self, name: str) -> dict[str, str]:
        """What Compose tells this service, with the addresses and secrets' files of this machine."""
        given = {key: str(value) for key, value in service(name)["environment"].items()}
        given = {key: value.replace("/run/secrets/", f"{self.folder}/secrets/") for key, value in given.items()}
        if given["DATABASE_URL"]:
            given["DATABASE_URL"] = self.database_url(name)
        return {**given, "REDIS_URL": self.redis_url(name)}

    def health(self, name: str) -> subprocess.CompletedProcess[str]:
        """The health check of `postgres` or `redis`."""
        kind, *command = service(name)["healthcheck"]["test"]
        assert kind == "CMD"
        if name == "postgres":
            command[0] = str(self.cluster.binaries / command[0])
        command = [word.replace("/tls/", f"{self.tls(name)}/") for word in command]
        command = [str(self.redis_port) if word == "6379" else word for word in command]
        env = {**os.environ, "PGPORT": str(self.cluster.port)}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def make_certificates(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The command of the service `certificates`; the images' accounts are those of this machine. `more` goes before."""
    words = {"python": sys.executable, "/certificates": str(folder)}
    command = [words.get(word, word) for word in service("certificates")["command"]]
    command = [_owned_here(word) if re.fullmatch(r"\w+=\d+", word) else word for word in command]
    return subprocess.run([*more, *command], cwd=ROOT, capture_output=True, text=True, check=False)


def _secrets(folder: Path) -> None:
    """The files as the operator makes them."""
    command = [sys.executable, "-m", "ops.secrets", str(folder / "secrets")]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


def _owned_here(word: str) -> str:
    if os.geteuid():  # an ordinary user gives nothing away
        return word.partition("=")[0] + f"={os.geteuid()}"
    import pwd

    account = throwaway.unprivileged()
    return f"postgres={pwd.getpwnam(account).pw_uid}" if account and word.startswith("postgres=") else word


@contextmanager
def running() -> Iterator[House]:
    """A house with a new authority, an empty database `dv` with both roles, and an empty Redis."""
    binary = throwaway.redis_binary(Path(sys.executable).parent)
    if binary is None or not throwaway.speaks_tls(binary):
        assert os.environ.get("ALLOW_MISSING") == "1", (
            "redis-server with TLS is missing (Debian: apt install redis-server)"
        )
        pytest.skip("no Redis with TLS")
    guard = Guard(grace=THROWAWAY_GRACE)
    try:
        folder = Path(tempfile.mkdtemp(prefix="dv-tls-"))
        guard.remove(folder)
        folder.chmod(0o755)
        made = make_certificates(folder)
        assert made.returncode == 0, made.stderr
        _secrets(folder)
        house = House(folder, _postgres(guard, folder), _redis(guard, folder, binary))
        _becomes_well(house)
        yield house
    finally:
        guard.close()


def _postgres(guard: Guard, folder: Path) -> throwaway.Postgres:
    rules = (ROOT / "ops/postgres/pg_hba.conf").read_text(encoding="utf-8")
    (folder / "pg_hba.conf").write_text(HAND + rules, encoding="utf-8")
    here = {"/tls/": f"{folder}/postgres/", "/etc/digital-volunteers/": f"{folder}/"}
    name, *flags = service("postgres")["command"]
    assert name == "postgres"
    for there, path in here.items():
        flags = [flag.replace(there, path) for flag in flags]
    cluster = throwaway.start_postgres(guard, *flags, "-c", "listen_addresses=127.0.0.1", port=free_port())
    cluster.sql("create database dv")
    cluster.sql("create role postgres superuser login")  # the image's superuser
    roles = (ROOT / "ops/postgres/roles.sql").read_text(encoding="utf-8")
    cluster.sql(roles, "dv", database="dv", owner_password="", app_password="")
    return cluster


def _redis(guard: Guard, folder: Path, binary: Path) -> int:
    port = free_port()
    words = {"redis-server": str(binary), "6379": str(port)}
    command = [words.get(word, word).replace("/tls/", f"{folder}/redis/") for word in service("redis")["command"]]
    # 127.0.0.2 is a name its certificate does not hold.
    throwaway.start_here(guard, [*command, "--bind", "127.0.0.1", "127.0.0.2", "--dir", str(folder / "redis")])
    return port


def _becomes_well(house: House) -> None:
    for name in ("postgres", "redis"):
        deadline = time.monotonic() + WELL_SECONDS
        while (answer := house.health(name)).returncode and time.monotonic() < deadline:
            time.sleep(0.1)
        assert answer.returncode == 0, answer.stdout + answer.stderr
