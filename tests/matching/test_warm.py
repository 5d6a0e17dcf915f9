"""Two processes on a new machine: one compiles, the other waits and loads; a lock whose holder died hangs nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from matching.exact import warm as warming

ROOT = Path(warming.__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from matching.exact.compiling import compiling_alone
with compiling_alone(Path(sys.argv[1]), False):
    print("held", flush=True)
    time.sleep(60)
"""


def best() -> None:
    """A kernel's name."""


class Machine:
    """A kernel kept in a folder. Compiling takes a moment and writes what numba would; `asked` is set when it began."""

    def __init__(self, folder: Path) -> None:
        source = Path(__file__)
        self.made = folder / f"{source.stem}.{best.__name__}-1.nbi"
        self.asked, self.compiled = threading.Event(), 0
        self.kernel: Any = SimpleNamespace(
            __name__=best.__name__, signatures=(), py_func=best, stats=SimpleNamespace(cache_path=str(folder))
        )

    def call(self) -> None:
        self.asked.set()
        if not self.made.exists():
            time.sleep(0.3)
            self.compiled += 1
            self.made.touch()

    def warm(self) -> float:
        return warming._warm((self.kernel,), (self.call,), say=True)


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel of these tests is older than nothing but this folder."""
    monkeypatch.setattr(warming, "ROOMS", (Path(__file__).parent.name,))


def test_the_second_waits_says_so_and_does_not_compile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine, took = Machine(tmp_path), list[float]()
    first = threading.Thread(target=lambda: took.append(machine.warm()))
    first.start()
    assert machine.asked.wait(10)
    assert machine.warm() == 0.0
    first.join()
    assert took[0] >= 0.3
    assert machine.compiled == 1
    said = capsys.readouterr().err
    assert said.count("compiling, once") == 1 and "waiting for another process" in said


def test_a_lock_is_free_when_its_holder_has_died(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        machine = Machine(tmp_path)
        waiting = threading.Thread(target=machine.warm)
        waiting.start()
        assert not machine.asked.wait(0.2)
        holder.send_signal(signal.SIGKILL)
        waiting.join(10)
    assert machine.compiled == 1


def test_where_no_lock_can_be_made_it_compiles_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    machine = Machine(tmp_path)
    machine.kernel.stats.cache_path = str(tmp_path / "file")
    assert machine.warm() > 0.0
    assert machine.compiled == 1
