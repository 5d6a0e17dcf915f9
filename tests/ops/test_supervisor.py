"""The supervisor: all together up, all together down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops import guard

ROOT = Path(__file__).resolve().parents[2]
LINUX = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs Linux")

# A supervisor over small commands: one that forks a child of its own, one that hides in a new session.
SCRIPT = """
import os, sys
from pathlib import Path
from ops.say import Trouble, complain
from ops.supervisor import Stopped, Supervisor
supervisor = Supervisor(Path(sys.argv[1]), grace=1.5)
print(supervisor.mark, flush=True)
code = 0
try:
    env = dict(os.environ)
    supervisor.start("forks", ["sh", "-c", "sleep 300 & sleep 300"], env)
    supervisor.start("hides", [sys.executable, "-c", "import os, subprocess, time\\n"
        "subprocess.Popen(['sleep', '300'], start_new_session=True)\\ntime.sleep(300)"], env)
    supervisor.start("stubborn", ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], env)
    if len(sys.argv) > 2:
        supervisor.start("broken", ["sh", "-c", sys.argv[2]], env)
    print("started", flush=True)
    supervisor.watch()
except Trouble as trouble:
    complain(trouble)
    code = 1
except Stopped:
    pass
finally:
    supervisor.stop()
sys.exit(code)
"""


@contextmanager
def supervised(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    mark = process.stdout.readline().strip()
    assert process.stdout.readline().strip() == "started"
    try:
        yield process, mark
    finally:
        process.kill()
        process.communicate()
        guard.kill_marked(mark)


def settle(mark: str, count: int) -> list[int]:
    """Wait until this many processes carry the mark."""
    deadline = time.monotonic() + 30
    while len(guard.marked(mark)) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    return guard.marked(mark)


def gone(mark: str, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while guard.marked(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not guard.marked(mark)


@LINUX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_children_grandchildren_and_the_stubborn(number: int, tmp_path: Path) -> None:
    with supervised(tmp_path) as (process, mark):
        assert len(settle(mark, 6)) >= 6
        os.kill(process.pid, number)
        if number == signal.SIGINT:
            time.sleep(0.3)
            os.kill(process.pid, number)  # a second Ctrl-C does not wait for the stubborn one
        assert process.wait(60) == 0
        assert guard.marked(mark) == []


@LINUX
def test_killing_the_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    with supervised(tmp_path) as (process, mark):
        assert len(settle(mark, 6)) >= 6
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert gone(mark)


@LINUX
def test_a_dying_child_ends_the_rest_and_is_named_with_its_last_words(tmp_path: Path) -> None:
    with supervised(tmp_path, "echo I cannot go on >&2; sleep 0.3; exit 7") as (process, mark):
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "„broken“" in errors and "exit 7" in errors and "I cannot go on" in errors
        assert guard.marked(mark) == []


@LINUX
def test_a_killed_guard_stops_everything_too(tmp_path: Path) -> None:
    with supervised(tmp_path) as (process, mark):
        settle(mark, 6)
        children = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        watcher = next(int(line.split()[0]) for line in children if "guard.py" in line)
        os.kill(watcher, signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "guard" in errors
        assert guard.marked(mark) == []
