"""The services the tests run on are real, and vanish with their owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops import guard, throwaway

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.postgres
def test_the_throwaway_cluster_answers_and_leaves_nothing_behind() -> None:
    keeper = guard.Guard()
    cluster = throwaway.start_postgres(keeper)
    assert cluster.sql("select upper('извор')") == "ИЗВОР"
    assert cluster.folder.stat().st_mode & 0o077 == 0
    keeper.close()
    assert not cluster.folder.exists()


@pytest.mark.postgres
def test_psql_errors_are_raised_with_their_words() -> None:
    keeper = guard.Guard()
    try:
        cluster = throwaway.start_postgres(keeper)
        with pytest.raises(throwaway.Unavailable, match="nonsense"):
            cluster.sql("select nonsense")
    finally:
        keeper.close()


def test_a_killed_owner_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    """The owner is ended by a signal nobody can catch; its group and its folder go all the same."""
    folder = tmp_path / "left"
    folder.mkdir()
    script = (
        "import os, subprocess, sys, time\n"
        "from pathlib import Path\n"
        "from ops.guard import Guard\n"
        "keeper = Guard()\n"
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        "keeper.watch(child.pid)\n"
        f"keeper.remove(Path({str(folder)!r}))\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(300)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    child = int(owner.stdout.readline())
    assert guard.running(child)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    deadline = time.monotonic() + 10
    while (guard.running(child) or folder.exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not guard.running(child)
    assert not folder.exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs Linux")
def test_the_mark_finds_what_moved_to_a_session_of_its_own() -> None:
    stray = subprocess.Popen(
        ["sleep", "300"], env={**os.environ, guard.MARK: "a-word-of-this-test"}, start_new_session=True
    )
    unmarked = subprocess.Popen(["sleep", "300"], start_new_session=True)
    try:
        deadline = time.monotonic() + 5
        while not guard.marked("a-word-of-this-test") and time.monotonic() < deadline:
            time.sleep(0.02)
        assert guard.kill_marked("a-word-of-this-test") == [stray.pid]
        assert stray.wait(5) == -signal.SIGKILL
        assert unmarked.poll() is None
    finally:
        unmarked.kill()
        unmarked.wait()
