"""What Compose would start really starts: the very commands and health checks of docker-compose.yml.

They run against a throw-away PostgreSQL, set up by the same script the postgres image calls, and a
throw-away Redis, each with the environment its service would have. The server, the worker and the schedule
use a role that cannot alter a table.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ops import throwaway
from ops.guard import Guard
from tests.ops import compose
from tests.ops.test_compose_file import SECRETS
from tests.services.fixtures import ROOT, Process
from tests.sizes import FULL

pytestmark = [pytest.mark.postgres, pytest.mark.worker, pytest.mark.slow]

RINGS = {
    "FIELD_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
    "EVIDENCE_KEYS": "e1:" + base64.b64encode(bytes(range(32, 64))).decode(),
}
VALUES = {**SECRETS, **RINGS}
WELL_SECONDS = 60.0
# Reduced, `migrate` compiles these two kernels and finds the others; in full it compiles every one.
LEFT_TO_COMPILE = ("quick.most_of_pairs", "seats.best_swaps")


@dataclass
class Installation:
    """The services of the file, with this machine's sockets in place of the containers' host names."""

    cluster: throwaway.Postgres
    redis: str
    port: int
    var: Path

    def service(self, name: str) -> dict[str, Any]:
        service = compose.load(VALUES)["services"][name]
        assert isinstance(service, dict)
        return service

    def environment(self, name: str) -> dict[str, str]:
        given = {key: str(value) for key, value in self.service(name)["environment"].items()}
        given["DATABASE_URL"] = self._local(given["DATABASE_URL"])
        given["REDIS_URL"] = self.redis
        home = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(self.var)}
        # The image sets these three; the container's own /app/var is a folder here.
        image = {"VAR_DIR": str(self.var), "STATIC_ROOT": str(self.var / "static")}
        image["NUMBA_CACHE_DIR"] = str(self.var / "kernels")
        return {**home, **image, **given, "PORT": str(self.port)}

    def command(self, name: str) -> list[str]:
        words = {"python": sys.executable, "0.0.0.0": "127.0.0.1", "8000": str(self.port)}
        return [words.get(word, word) for word in self.service(name)["command"]]

    def health(self, name: str) -> subprocess.CompletedProcess[str]:
        kind, *command = self.service(name)["healthcheck"]["test"]
        assert kind == "CMD"
        command[0] = sys.executable if command[0] == "python" else command[0]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(name), capture_output=True, text=True, check=False
        )

    def becomes_well(self, name: str) -> None:
        deadline = time.monotonic() + WELL_SECONDS
        while (answer := self.health(name)).returncode and time.monotonic() < deadline:
            time.sleep(0.2)
        assert answer.returncode == 0, answer.stderr

    def _local(self, url: str) -> str:
        found = re.fullmatch(r"postgres://(\w+):\S+@postgres/(\w+)\??(.*)", url)
        assert found, url
        return f"postgres://{found[1]}@/{found[2]}?host={self.cluster.folder}&{found[3]}".rstrip("&")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    guard = Guard()
    try:
        cluster = throwaway.start_postgres(guard)
        cluster.sql("create database dv")
        roles = (ROOT / "ops/postgres/roles.sql").read_text(encoding="utf-8")
        cluster.sql(roles, "dv", database="dv", owner_password="o", app_password="a")
        redis_binary = throwaway.redis_binary(Path(sys.executable).parent)
        redis = throwaway.start_redis(guard, redis_binary, port=free_port())
        var = tmp_path_factory.mktemp("var")
        (var / "static").mkdir()
        made = Installation(cluster, redis, free_port(), var)
        _once(made, ["sh", "-c", "DEMO=1 python manage.py collectstatic --noinput --verbosity 0"])
        if not FULL:
            most_kernels(var / "kernels")
        assert not compiled(var / "kernels")
        _once(made, made.command("migrate"))
        assert compiled(var / "kernels"), "the optimiser was not compiled before the first round"
        yield made
    finally:
        guard.close()


def compiled(kernels: Path) -> bool:
    """Whether a kernel of whole plans and one of single requests lie there."""
    return all(list(kernels.rglob(f"{name}-*.nbi")) for name in LEFT_TO_COMPILE)


def most_kernels(kernels: Path) -> None:
    """What this checkout has compiled already, where the optimiser looks for it, but for LEFT_TO_COMPILE."""
    for source in (ROOT / "matching" / "exact", ROOT / "matching" / "swift"):
        into = kernels / f"{source.name}_{hashlib.sha1(str(source).encode()).hexdigest()}"
        into.mkdir(parents=True)
        for path in (source / "__pycache__").glob("*.nb[ci]"):
            if not path.name.startswith(LEFT_TO_COMPILE):
                shutil.copy2(path, into)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _once(made: Installation, command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=made.environment("migrate"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def start(installation: Installation, start_process: Callable[..., Process]) -> Callable[[str], Process]:
    def start_service(name: str) -> Process:
        env = installation.environment(name)
        return start_process(name, installation.command(name), env, inherit=False)

    return start_service


def test_the_applications_role_reads_and_writes_rows_and_alters_nothing(installation: Installation) -> None:
    cluster = installation.cluster
    assert int(cluster.sql("select count(*) from places_settlement", "dv", "dv_app")) > 0
    forbidden = (
        "create table stray (id int)",
        "alter table places_settlement add column stray int",
        "drop table places_settlement",
        "truncate places_settlement cascade",
        "alter table places_settlement disable trigger all",
    )
    for statement in forbidden:
        with pytest.raises(throwaway.Unavailable, match=r"permission denied|must be owner"):
            cluster.sql(statement, "dv", "dv_app")


def test_the_server_starts_and_its_health_check_notices_when_it_is_gone(
    installation: Installation, start: Callable[[str], Process]
) -> None:
    assert installation.health("web").returncode == 1
    server = start("web")
    installation.becomes_well("web")
    status, headers = ask(installation.port, "/", forwarded=True)
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    status, headers = ask(installation.port, "/", forwarded=False)
    assert status == 301
    assert headers["Location"].startswith("https://")
    server.stop()
    assert installation.health("web").returncode == 1


def test_the_server_is_not_well_while_the_database_is_gone(
    installation: Installation, start: Callable[[str], Process]
) -> None:
    start("web")
    installation.becomes_well("web")
    cluster = installation.cluster
    cluster.sql("alter database dv allow_connections false")
    kick = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'dv'"
    try:
        cluster.sql(kick)
        deadline = time.monotonic() + WELL_SECONDS
        told = installation.health("web").stderr
        while "503" not in told and time.monotonic() < deadline:
            time.sleep(0.2)
            told = installation.health("web").stderr
        assert "503" in told
    finally:
        cluster.sql("alter database dv allow_connections true")
    installation.becomes_well("web")


def test_the_worker_and_the_schedule_start_work_together_and_are_well(
    installation: Installation, start: Callable[[str], Process]
) -> None:
    shutil.rmtree(installation.var / "alive", ignore_errors=True)
    assert installation.health("worker").returncode == 1
    assert installation.health("beat").returncode == 1
    worker, beat = start("worker"), start("beat")
    installation.becomes_well("worker")
    installation.becomes_well("beat")
    worker.wait_for("succeeded in", seconds=WELL_SECONDS)
    assert "Traceback" not in worker.log(), worker.log()[-4000:]
    assert "Traceback" not in beat.log(), beat.log()[-4000:]
    worker.stop(seconds=30)
    beat.stop(seconds=30)
    for sign in (installation.var / "alive").iterdir():
        os.utime(sign, (0, 0))
    assert installation.health("worker").returncode == 1
    assert installation.health("beat").returncode == 1


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def ask(port: int, path: str, forwarded: bool) -> tuple[int, Any]:
    """Status and headers of a page as the proxy in front would ask for it."""
    headers = {"Host": VALUES["ALLOWED_HOSTS"]}
    if forwarded:
        headers["X-Forwarded-Proto"] = "https"
    question = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        with opener.open(question, timeout=20) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers
