"""The solver's process: one thread, its own memory, kernels where nobody else can put any."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from matching.format import dump_problem
from matching.generate import generate
from planning.services import solver


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The environments that processes were started with; they end at once."""
    seen: list[dict[str, str]] = []

    def note(command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        seen.append(more["env"])
        return subprocess.CompletedProcess(command, 0, "[]", "")

    monkeypatch.setattr(solver.subprocess, "run", note)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    return seen


def test_compiled_kernels_lie_beside_the_code_or_in_a_folder_of_our_own(
    environments: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path / "var"
    solver.candidates({}, {}, "r1")
    assert "NUMBA_CACHE_DIR" not in environments[0] and not settings.VAR_DIR.exists()
    monkeypatch.setattr(solver.os, "access", lambda path, mode: False)
    solver.candidates({}, {}, "r1")
    kernels = tmp_path / "var" / "kernels"
    assert environments[1]["NUMBA_CACHE_DIR"] == str(kernels)
    assert stat.S_IMODE(kernels.stat().st_mode) == 0o700, "nobody else may put code there"
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    solver.candidates({}, {}, "r1")
    assert environments[2]["NUMBA_CACHE_DIR"] == "/elsewhere"
    assert all(env[name] == "1" for env in environments for name in solver.ONE_THREAD)


def test_a_town_s_problem_is_solved_split_and_joined_within_the_memory_it_is_given(settings: Any) -> None:
    settings.SOLVER_MEMORY_MB = 1024
    problem = dump_problem(generate(200, 40, 7, seed=1, radomir=True))
    plan = solver.solve(problem, seconds=2, seed=1)
    divided = solver.split(problem, plan, hold=[plan["visits"][0]["request"]], requests=70, seed=1)
    assert len(divided.parts) == 3 and len(divided.promises) == 1
    parts = [(small, solver.solve(small, seconds=2, seed=1, start=begin)) for small, begin in divided.parts[:1]]
    whole = {**problem, "promises": divided.promises}
    joined = solver.join(whole, divided.plan, [*parts, *((small, None) for small, _ in divided.parts[1:])], seed=1)
    assert joined["objective"]["total"] >= divided.plan["objective"]["total"]


def test_what_the_solver_says_on_the_way_is_handed_on_and_a_failure_keeps_its_sentence() -> None:
    problem = dump_problem(generate(150, 30, 7, seed=1, radomir=True))
    told: list[dict[str, Any]] = []
    plan = solver.solve(problem, seconds=3, seed=1, told=told.append)
    assert told[-1]["total"] == plan["objective"]["total"] and told[-1]["requests"] == 150
    with pytest.raises(solver.SolverFailed, match=r"^solve: exit 2: matching: .*travel: is missing"):
        solver.solve({"format": "hvsp/1"}, seconds=1, seed=1, told=told.append)


def test_a_solver_that_does_not_end_is_ended_and_so_is_one_nobody_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "GRACE_SECONDS", -2.5)
    with pytest.raises(solver.SolverFailed, match=r"no answer after 0\.5 s"):
        solver.solve(dump_problem(generate(5, 2, 7, seed=1)), seconds=3, seed=1, told=lambda _said: None)
    monkeypatch.setattr(solver, "GRACE_SECONDS", 60)

    def fail(_said: Any) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        solver.solve(dump_problem(generate(150, 30, 7, seed=1)), seconds=30, seed=1, told=fail)
