"""However `./run` ends in a fresh clone, no process is left and one sentence says why.

`./run test` leaves the clone whose first seconds it has measured; where there is none, it is made first.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.spine.fresh import Clone, first_run, free_port, kept_or_new, nothing_left, python_path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for left processes in /proc"),
]


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    with kept_or_new() as made:
        if not made.installed.exists():
            first_run(made)
        yield made


@pytest.mark.parametrize("name", ["web", "worker", "beat", "redis-server"])
def test_a_dying_child_ends_everything_and_is_named(clone: Clone, name: str) -> None:
    run = clone.start(free_port())
    try:
        run.wait_for("Ctrl-C")
        word = {"web": " granian ", "redis-server": "redis-server"}.get(name, f" config {name} ")
        victims = [line for line in clone.processes() if word in line]
        if name == "redis-server" and not victims:
            pytest.skip("needs redis-server")
        os.kill(min(int(line.split()[0]) for line in victims), signal.SIGKILL)
        assert run.process.wait(30) == 1
        named = "broker" if name == "redis-server" else name
        assert f"Процесът „{named}“ спря (сигнал 9)" in run.said()
        assert nothing_left(clone) == []
    finally:
        run.process.kill()
        run.process.wait()


def test_killing_the_supervisor_leaves_no_process(clone: Clone) -> None:
    run = clone.start(free_port())
    run.wait_for("Ctrl-C")
    assert len(clone.processes()) >= 5
    run.process.kill()
    run.process.wait()
    assert nothing_left(clone) == []


def test_a_taken_port_and_a_second_run_are_one_sentence(clone: Clone) -> None:
    port = free_port()
    run = clone.start(port)
    try:
        run.wait_for("Ctrl-C")
        same_port = clone.once(PORT=str(port))
        assert same_port.returncode == 1
        assert f"Port {port} is in use" in same_port.stderr
        assert same_port.stderr.count("\n") == 1
        second = clone.once(PORT=str(free_port()))
        assert second.returncode == 1
        assert f"already runs from this folder. http://localhost:{port}" in second.stderr
        assert run.process.poll() is None
    finally:
        run.stop()


def test_manage_passes_through_and_works_on_the_demonstration(clone: Clone) -> None:
    shown = clone.once("manage", "showmigrations", "core")
    assert shown.returncode == 0, shown.stderr
    assert "[X] 0001_initial" in shown.stdout


def test_a_real_installations_database_is_refused_and_left_as_it_was(clone: Clone) -> None:
    var = clone.base / "real"
    var.mkdir()
    shutil.copy(clone.folder / "var" / "db.sqlite3", var)
    with sqlite3.connect(var / "db.sqlite3") as database:
        database.execute("delete from core_installationmark where kind = 'demo'")
        before = list(database.iterdump())
    for path in (var, *var.iterdir()):
        shutil.chown(path, clone.user) if clone.user else None
    refused = clone.once(PORT=str(free_port()), VAR_DIR=str(var))
    assert refused.returncode == 1
    assert "belongs to a real installation" in refused.stderr
    assert refused.stderr.count("\n") == 1, refused.stderr
    with sqlite3.connect(var / "db.sqlite3") as database:
        assert list(database.iterdump()) == before


def test_a_full_disk_is_one_sentence(clone: Clone) -> None:
    script = "rm -rf $1 && mkdir $1 && mount -t tmpfs -o size=30m tmpfs $1 && cd $2 && ./run"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    var = clone.base / "small"
    env = clone.environment(python_path(), PORT=str(free_port()), VAR_DIR=str(var))
    done = subprocess.run(
        [*command, str(var), str(clone.folder)], env=env, user=clone.user, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine does not let a user mount a small disk")
    assert done.returncode == 1
    assert "30 MB" in done.stderr and done.stderr.count("\n") == 1, done.stderr
