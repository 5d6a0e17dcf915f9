"""What Compose would start really starts: the very commands and health checks of docker-compose.yml.

They run against the PostgreSQL and the Redis of the file, by TLS with the certificates its service `certificates`
makes, each with the environment its service would have. The server, the worker and the schedule use a role that
cannot alter a table.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.celery import app
from config.env import SECRETS
from ops import certificates, throwaway
from tests.services import compose_house
from tests.services.compose_house import VALUES, WELL_SECONDS, House, free_port
from tests.services.fixtures import ROOT, Process
from tests.sizes import FULL

pytestmark = [pytest.mark.postgres, pytest.mark.worker, pytest.mark.slow]

# Reduced, `migrate` compiles these two kernels and finds the others; in full it compiles every one.
LEFT_TO_COMPILE = ("quick.most_of_pairs", "seats.best_swaps")


@dataclass
class Installation:
    """The services of the file, with this machine's ports in place of the containers' host names."""

    house: House
    port: int
    var: Path

    @property
    def cluster(self) -> throwaway.Postgres:
        return self.house.cluster

    def service(self, name: str) -> dict[str, Any]:
        return compose_house.service(name)

    def environment(self, name: str) -> dict[str, str]:
        home = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(self.var)}
        # The image sets these three; the container's own /app/var is a folder here.
        image = {"VAR_DIR": str(self.var), "STATIC_ROOT": str(self.var / "static")}
        image["NUMBA_CACHE_DIR"] = str(self.var / "kernels")
        return {**home, **image, **self.house.environment(name), "PORT": str(self.port)}

    def command(self, name: str) -> list[str]:
        words = {"python": sys.executable, "0.0.0.0": "127.0.0.1", "8000": str(self.port)}
        return self._with_its_certificates(name, [words.get(word, word) for word in self.service(name)["command"]])

    def health(self, name: str, believes: str = "") -> subprocess.CompletedProcess[str]:
        """The health check of a service; `believes` another authority's file in place of ours."""
        kind, *command = self.service(name)["healthcheck"]["test"]
        assert kind == "CMD"
        command = self._with_its_certificates(
            name, [believes if "ca.crt" in word and believes else word for word in command]
        )
        command[0] = sys.executable if command[0] == "python" else command[0]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(name), capture_output=True, text=True, check=False
        )

    def becomes_well(self, name: str) -> None:
        deadline = time.monotonic() + WELL_SECONDS
        while (answer := self.health(name)).returncode and time.monotonic() < deadline:
            time.sleep(0.2)
        assert answer.returncode == 0, answer.stderr

    def _with_its_certificates(self, name: str, command: list[str]) -> list[str]:
        return [word.replace("/tls/", f"{self.house.tls(name)}/") for word in command]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with compose_house.running() as house:
        var = tmp_path_factory.mktemp("var")
        (var / "static").mkdir()
        made = Installation(house, free_port(), var)
        _once(made, ["sh", "-c", "DEMO=1 python manage.py collectstatic --noinput --verbosity 0"])
        if not FULL:
            most_kernels(var / "kernels")
        assert not compiled(var / "kernels")
        _once(made, made.command("migrate"))
        assert compiled(var / "kernels"), "the optimiser was not compiled before the first round"
        yield made


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
    installation: Installation, start: Callable[[str], Process], tmp_path: Path
) -> None:
    assert installation.health("web").returncode == 1
    server = start("web")
    installation.becomes_well("web")
    status, headers = ask(installation, "/", forwarded=True)
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    status, headers = ask(installation, "/", forwarded=False)
    assert status == 301
    assert headers["Location"].startswith("https://")
    with pytest.raises((OSError, http.client.HTTPException)):
        urllib.request.urlopen(f"http://127.0.0.1:{installation.port}/healthz", timeout=5)
    stranger = str(tmp_path / "other" / "web" / "ca.crt")
    certificates.make(tmp_path / "other", {}, datetime.now(UTC))
    assert "certificate verify failed" in installation.health("web", believes=stranger).stderr
    it_is_not_well_while_the_database_is_gone(installation)
    server.stop()
    assert installation.health("web").returncode == 1


def it_is_not_well_while_the_database_is_gone(installation: Installation) -> None:
    cluster = installation.cluster
    cluster.sql("alter database dv allow_connections false")
    kick = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'dv'"
    try:
        cluster.sql(kick)
        deadline = time.monotonic() + WELL_SECONDS
        told = installation.health("web").stderr
        while "503" not in told and time.monotonic() < deadline:
            time.sleep(0.5)
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
    # The schedule is told of no secret at all, and of no database.
    told = {name.removesuffix("_FILE") for name, value in installation.environment("beat").items() if value}
    assert told & SECRETS == {"REDIS_URL"}
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


def test_who_only_sends_messages_works_without_the_sealed_stores_key(
    installation: Installation, start: Callable[[str], Process]
) -> None:
    shutil.rmtree(installation.var / "alive", ignore_errors=True)
    assert installation.environment("sender").keys().isdisjoint({"EVIDENCE_KEYS", "EVIDENCE_KEYS_FILE"})
    sender = start("sender")
    installation.becomes_well("sender")
    tasks = ("notifications.tasks.send_due", "accounts.tasks.answer_knocks", "notifications.tasks.watch_messages")
    # Routed as the schedule and the server do; waiting for the schedule's own would take half a minute.
    with app.connection_for_write(installation.environment("web")["REDIS_URL"]) as broker:
        for task in tasks:
            app.send_task(task, connection=broker)
    for task in tasks:
        sender.wait_for(f"Task {task}", seconds=WELL_SECONDS)
    sender.wait_for("succeeded in", seconds=WELL_SECONDS)
    assert "Traceback" not in sender.log(), sender.log()[-4000:]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def ask(installation: Installation, path: str, forwarded: bool) -> tuple[int, Any]:
    """Status and headers of a page as the proxy in front would ask for it, which believes our authority alone."""
    ours = ssl.create_default_context(cafile=installation.house.tls("web") / "ca.crt")
    https = urllib.request.HTTPSHandler(context=ours)
    headers = {"Host": VALUES["ALLOWED_HOSTS"]}
    if forwarded:
        headers["X-Forwarded-Proto"] = "https"
    question = urllib.request.Request(f"https://127.0.0.1:{installation.port}{path}", headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect(), https)
    try:
        with opener.open(question, timeout=20) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers
