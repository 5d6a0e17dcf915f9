"""The solver as a subprocess: limited in time and memory, judged by the independent checker before it is believed.

Never imported by web or beat: what they import must not load the optimiser's libraries.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

Json = dict[str, Any]
# Start, compile, last pass and file: beyond the seconds asked for.
GRACE_SECONDS = 30
SAID = 300


class SolverFailed(Exception):
    """The solver gave no plan that passes the check; the text is what it printed, cut to 300 signs."""


def solve(problem: Json, *, seconds: float, seed: int) -> Json:
    """A legal plan for the problem. Raises SolverFailed."""
    with tempfile.TemporaryDirectory(prefix="plan-") as folder:
        question, answer = Path(folder) / "problem.json", Path(folder) / "plan.json"
        question.write_text(json.dumps(problem), encoding="utf-8")
        arguments = ["-o", str(answer), "--seconds", f"{seconds:g}", "--seed", str(seed)]
        _matching(["solve", str(question), *arguments], seconds)
        _matching(["check", str(question), str(answer)], seconds)
        plan: Json = json.loads(answer.read_text(encoding="utf-8"))
        return plan


def candidates(problem: Json, plan: Json, request_id: str) -> list[Json]:
    """Who could take a request in this plan, best first, and why the others cannot. Raises SolverFailed."""
    with tempfile.TemporaryDirectory(prefix="plan-") as folder:
        question, answer = Path(folder) / "problem.json", Path(folder) / "plan.json"
        question.write_text(json.dumps(problem), encoding="utf-8")
        answer.write_text(json.dumps(plan), encoding="utf-8")
        told = _matching(["candidates", str(question), str(answer), "--request", request_id], 0)
        ranked: list[Json] = json.loads(told)
        return ranked


def _matching(arguments: list[str], seconds: float) -> str:
    command = [sys.executable, "-m", "matching", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, arguments made here
            command,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=seconds + GRACE_SECONDS,
            # One thread: each further one would take address space, which is limited.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            preexec_fn=_limit_memory,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SolverFailed(f"{arguments[0]}: no answer after {seconds + GRACE_SECONDS:g} s") from error
    except OSError as error:
        raise SolverFailed(f"{arguments[0]}: {error}"[:SAID]) from error
    if done.returncode != 0:
        raise SolverFailed(f"{arguments[0]}: exit {done.returncode}: {(done.stderr or done.stdout)[:SAID]}")
    return done.stdout


def _limit_memory() -> None:
    most = settings.SOLVER_MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
