"""An early pytest plugin (`-p tests.services`, set in pyproject.toml): real services for the tests.

It runs before pytest-django reads the settings, so it may choose the database. One throw-away PostgreSQL
and one Redis are started by the first process and shared by the xdist workers: each worker gets a PostgreSQL
database and a Redis database of its own. A guard process removes both, also after `kill -9`.

`TEST_DATABASE=sqlite` tests on the SQLite default instead; `ALLOW_MISSING=1` does so where PostgreSQL cannot
be started, and skips what only PostgreSQL or Redis can prove. Fixtures are in `tests.services.fixtures` and
`tests.services.browser`.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from ops import secrets, throwaway
from ops.guard import THROWAWAY_GRACE, Guard
from tests.services import templates

pytest_plugins = [
    "tests.services.fixtures",
    "tests.services.browser",
    "tests.services.emptying",
    "tests.services.hashing",
    "tests.services.templates",
    "tests.services.serving",
]

# Whoever is given more than this is long.
LONG_SECONDS = 900.0
# A tenth of the processors' time went into looking for garbage at Python's own thresholds.
GARBAGE = (50_000, 20, 50)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
# What could not be started, and why; the workers read it as well.
MISSING = "TEST_MISSING"

_guard: Guard | None = None
_seconds: dict[str, float] = {}
_counts: dict[str, int] = {}
_passed: set[str] = set()
_failed: set[str] = set()


def _start_services() -> None:
    """Start what is there, put its addresses into the environment, and say what is missing."""
    global _guard
    _guard = Guard(grace=THROWAWAY_GRACE)
    missing: dict[str, str] = {}
    os.environ.pop("DATABASE_URL", None)
    if os.environ.get("TEST_DATABASE") != "sqlite":
        try:
            cluster = throwaway.start_postgres(_guard)
            os.environ["DATABASE_URL"] = cluster.url("dv")
            os.environ["TEST_POSTGRES_FOLDER"] = str(cluster.folder)
        except throwaway.Unavailable as error:
            missing["postgres"] = str(error)
    try:
        binary = throwaway.redis_binary(Path(sys.executable).parent)
        os.environ["TEST_REDIS_URL"] = throwaway.start_redis(_guard, binary)
    except throwaway.Unavailable as error:
        missing["redis"] = str(error)
    if missing and os.environ.get("ALLOW_MISSING") != "1":
        _guard.close()
        reasons = "; ".join(missing.values())
        raise pytest.UsageError(f"{reasons}. ./run test installs it as root on Debian; --allow-missing goes without.")
    os.environ[MISSING] = json.dumps(missing)
    folder = Path(tempfile.mkdtemp(prefix="dv-test-"))
    _guard.remove(folder)
    os.environ["TEST_FOLDER"] = str(folder)


def _choose_environment() -> None:
    """The settings' environment for this process: the developer's own never leaks into a test."""
    for name in ("DEMO", "DEBUG", "REDIS_URL", "ALLOWED_HOSTS", "OSRM_URL", "PROCESS"):
        os.environ.pop(name, None)
    for name in (*secrets.MADE, "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        os.environ.pop(f"{name}_FILE", None)
    # Such as an installation takes; a server started by a test as an installation runs it opens what the test sealed.
    for name in ("SECRET_KEY", "LOOKUP_KEY"):
        os.environ[name] = hashlib.sha256(name.encode()).hexdigest()
    for name in ("FIELD_KEYS", "EVIDENCE_KEYS"):
        os.environ[name] = "tests:" + base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()
    # Playwright's synchronous door runs an event loop in the tests' thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # A worker or a command started by a test reads the same settings and the same derived keys as the test.
    os.environ["BUILDING"] = "1"
    # On a village's few requests the search has ended long before; proofs at full size give it more.
    os.environ["SOLVER_SECONDS"] = "2" if os.environ.get("PROOFS_FULL") == "1" else "0.5"
    # Starting counts, on a machine that does much at once; a village's plans are proved long before.
    os.environ["ADVICE_SECONDS"] = "20"
    # What goes to telephones stands in this worker's folder; proofs of the gateways start real ones.
    os.environ["SMS_TO_FILES"] = "1"
    folder = Path(os.environ["TEST_FOLDER"]) / (WORKER or "main")
    folder.mkdir(exist_ok=True)
    os.environ["VAR_DIR"] = str(folder)
    (folder / "static").mkdir(exist_ok=True)
    if redis := os.environ.get("TEST_REDIS_URL"):
        number = int(WORKER.removeprefix("gw")) + 1 if WORKER else 0
        os.environ["CELERY_BROKER_URL"] = f"{redis}?virtual_host={number}"


def _compile_catalogues() -> None:
    """A fresh checkout has the translations' source only; what is newer already is left alone."""
    from core.catalogues import compile_all

    compile_all(Path(__file__).resolve().parents[2] / "locale")


if not WORKER:
    _start_services()
_choose_environment()
if not WORKER:
    _compile_catalogues()
    if os.environ.get("DATABASE_URL"):
        templates.begin_empty(Path(os.environ["TEST_FOLDER"]))


def missing() -> dict[str, str]:
    """Service → why it could not be started."""
    return dict(json.loads(os.environ.get(MISSING, "{}")))


def pytest_collection_finish() -> None:
    """What was read to collect thousands of tests stays: it is not looked through again for garbage all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _longest_first(items)
    sqlite = not os.environ.get("DATABASE_URL")
    for item in items:
        if item.get_closest_marker("postgres") and sqlite:
            item.add_marker(pytest.mark.skip(reason="only PostgreSQL promises this"))
        if item.get_closest_marker("worker") and not os.environ.get("TEST_REDIS_URL"):
            item.add_marker(pytest.mark.skip(reason="needs Redis"))


def _longest_first(items: list[pytest.Item]) -> None:
    """Files with many processes and browsers begin, and of them those that are given most time.

    So no worker is alone with one of them at the end.
    """
    heavy: set[str] = set()
    patience: dict[str, float] = {}
    for item in items:
        name = item.nodeid.partition("::")[0]
        if any(item.get_closest_marker(mark) for mark in ("worker", "browser", "slow")):
            heavy.add(name)
        given = item.get_closest_marker("timeout")
        patience[name] = max(patience.get(name, 0.0), float(given.args[0]) if given and given.args else 0.0)
        if patience[name] >= LONG_SECONDS:
            heavy.add(name)

    def rank(item: pytest.Item) -> tuple[int, float]:
        name = item.nodeid.partition("::")[0]
        return 2 - ("proofs/" in name) - (name in heavy), -patience[name]

    items.sort(key=rank)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    name = report.nodeid.split("::")[0]
    _seconds[name] = _seconds.get(name, 0.0) + report.duration
    test = f"{name}::{report.nodeid.partition('[')[0].rpartition('::')[2]}"
    if report.failed:
        _failed.add(test)
    elif report.when == "call" and report.passed:
        _passed.add(test)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    for word in ("passed", "failed", "error", "skipped", "xfailed", "xpassed"):
        _counts[word] = len(terminalreporter.stats.get(word, []))
    for name, reason in missing().items():
        terminalreporter.write_line(f"NOT PROVED: {name}: {reason}")


def pytest_unconfigure() -> None:
    """Hand the counts to `./run test` (TEST_REPORT names the file) and let the services go."""
    global _guard
    if WORKER:
        return
    if path := os.environ.get("TEST_REPORT"):
        # A test of many cases passed when all of its cases did.
        passed = sorted(_passed - _failed)
        report = {"counts": _counts, "seconds": _seconds, "passed": passed, "at": time.time()}
        Path(path).write_text(json.dumps(report), encoding="utf-8")
    if _guard:
        _guard.close()
        _guard = None
