"""Databases that are made once in a test run and copied: an empty migrated one, and the whole demonstration.

PostgreSQL copies a database as files, in a tenth of the time the migrations take and a fiftieth of the
demonstration's. Each is made by a process of its own, the first while the tests are still being collected.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
EMPTY, DEMONSTRATION = "dv_template", "dv_demonstration"
MAKE_SECONDS = 240.0
LOAD = """
import sys, django
django.setup()
from django.core.management import call_command
from django.utils import timezone
from config.demo import load
from core import demonstration
moment = timezone.now()
call_command("load_facts", verbosity=0)
demonstration.claim()
assert load.load(now=moment)
print("moment", moment.isoformat())
"""


def begin_empty(folder: Path) -> None:
    """Start to migrate the database that the workers copy; its process writes `template.log` in the folder."""
    sql(f"CREATE DATABASE {EMPTY}")
    command = f"{sys.executable} manage.py migrate --verbosity 0 && echo made || echo failed"
    with (folder / "template.log").open("wb") as log:
        subprocess.Popen(
            ["sh", "-c", command], cwd=ROOT, env=_environment(EMPTY, folder), stdin=subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


def copy(source: str, name: str) -> None:
    """A new database like the source, in place of one that has the name already."""
    sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    sql(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def copy_empty(name: str) -> None:
    """Wait until the migrated database is there, and copy it."""
    log = _shared() / "template.log"
    deadline = time.monotonic() + MAKE_SECONDS
    while not (said := log.read_text(errors="replace")).endswith(("made\n", "failed\n")):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the migrations did not end:\n{said}")
        time.sleep(0.05)
    if not said.endswith("made\n"):
        raise RuntimeError(f"the migrations failed:\n{said}")
    with _alone("copy"):
        copy(EMPTY, name)


def sql(statement: str) -> None:
    import psycopg

    maintenance = os.environ["DATABASE_URL"].replace("/dv?", "/postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(statement)


def demonstration() -> datetime:
    """Load the demonstration where no test of this run has; the moment it was told from."""
    told = _shared() / "demonstration"
    with _alone("demonstration"):
        if not told.exists():
            copy_empty(DEMONSTRATION)
            env = {**_environment(DEMONSTRATION, _shared()), "DJANGO_SETTINGS_MODULE": "config.settings"}
            done = subprocess.run(
                [sys.executable, "-c", LOAD], cwd=ROOT, env={**env, "DEMO": "1"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
            told.write_text(done.stdout.partition("moment ")[2].strip())
    return datetime.fromisoformat(told.read_text())


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A copy is kept as it is: else Django drops it and runs every migration once more, in each worker."""
    from django.db import connection

    return connection.vendor == "postgresql"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The worker's test database is a copy; what is left to Django is to see that nothing has to be migrated."""
    from django.db import connection

    if connection.vendor == "postgresql":
        copy_empty(connection.creation._get_test_db_name())


@pytest.fixture(scope="module")
def demonstration_told(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """A copy of the whole demonstration is the database of this file's tests; the moment it was told from."""
    from django.db import connection

    moment, name = demonstration(), connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with _alone("copy"):
            copy(DEMONSTRATION, f"{name}_demonstration")
        connection.close()
        connection.settings_dict["NAME"] = f"{name}_demonstration"
        try:
            yield moment
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name


@contextmanager
def _alone(what: str) -> Iterator[None]:
    """One of the workers at a time: a database that is being copied may not be open elsewhere."""
    with (_shared() / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _shared() -> Path:
    return Path(os.environ["TEST_FOLDER"])


def _environment(database: str, folder: Path) -> dict[str, str]:
    url = os.environ["DATABASE_URL"].replace("/dv?", f"/{database}?")
    var = folder / database
    var.mkdir(exist_ok=True)
    return {**os.environ, "DATABASE_URL": url, "BUILDING": "1", "VAR_DIR": str(var)}
