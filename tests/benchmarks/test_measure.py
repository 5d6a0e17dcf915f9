"""Measuring a child: its own CPU, its own memory, and what it said."""

from __future__ import annotations

import time

import pytest

from benchmarks.clock import CpuSeconds
from benchmarks.measure import circumstances, run
from benchmarks.words import seeds
from matching.stop import Clocked, Either, Iterations

BURN = "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
HOLD = "x = bytearray(200 * 2**20)\nprint(len(x))"


def test_cpu_is_that_of_the_one_child() -> None:
    assert 0.4 <= run(["-c", BURN]).cpu < 1.5
    assert run(["-c", "import time; time.sleep(0.5)"]).cpu < 0.4


def test_memory_is_that_of_the_one_child() -> None:
    assert run(["-c", HOLD]).peak_mib > 200
    assert run(["-c", "print(1)"]).peak_mib < 100


def test_exit_code_and_output_come_back() -> None:
    done = run(["-c", "import sys; print('out'); sys.exit('err')"])
    assert done.code == 1
    assert {"out", "err"} <= set(done.output.split())


def test_a_child_that_hangs_is_ended() -> None:
    began = time.monotonic()
    assert run(["-c", "import time; time.sleep(60)"], patience=0.5).code != 0
    assert time.monotonic() - began < 20


def test_sleeping_uses_up_no_cpu_limit_and_working_does() -> None:
    stop = CpuSeconds(0.2, since=time.process_time())
    time.sleep(0.3)
    assert not stop(0)
    left = Clocked(Either(stop, Iterations(9))).left()
    assert left is not None and 0 < left <= 0.2
    while stop.left() > 0:
        pass
    assert stop(0) and stop.struck


def test_seeds_are_numbers_ranges_or_both() -> None:
    assert seeds("1-3") == [1, 2, 3]
    assert seeds("4") == [4]
    assert seeds("1,7-8") == [1, 7, 8]
    with pytest.raises(ValueError, match="invalid literal"):
        seeds("one")


def test_circumstances_name_what_is_there() -> None:
    line = circumstances(["numpy", "no-such-package"], [1, 2, 30])
    assert "numpy" in line and "no-such-package" not in line
    assert line.endswith("seeds 1-30.")
