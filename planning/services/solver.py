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
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

Json = dict[str, Any]
# Called about once a second with `phase`, `served`, `requests`, `total`, `bound`, `gap` and `seconds`.
Told = Callable[[Json], None]
# Start, last pass and file, beyond the seconds asked for; once on a machine also the compiler, on busy processors.
GRACE_SECONDS = 170
# What reads a plan and writes one has an end of its own.
QUICK_SECONDS = 30
LARGE_SECONDS = 120
SAID = 300
# One thread: each further one would take address space, which is limited.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


class SolverFailed(Exception):
    """The solver gave no plan that passes the check; the text is what it printed, cut to 300 signs."""


@dataclass(frozen=True)
class Divided:
    """A plan in parts: `promises` are those of the whole with what is held, a part is its problem and its plan."""

    promises: list[Json]
    plan: Json
    parts: list[tuple[Json, Json]]


def solve(
    problem: Json,
    *,
    seconds: float,
    seed: int,
    start: Json | None = None,
    earlier: Json | None = None,
    told: Told | None = None,
) -> Json:
    """A legal plan for the problem, never worse than the legal plan `start`. Raises SolverFailed.

    `earlier`, in place of `start`, need not be legal: what of it is, is where the solver begins. `told` is called on
    the way, in this very thread.
    """
    with _files(problem=problem, start=start, earlier=earlier) as folder:
        question, answer = folder / "problem.json", folder / "plan.json"
        arguments = ["-o", str(answer), "--seconds", f"{seconds:g}", "--seed", str(seed)]
        if start is not None:
            arguments += ["--start", str(folder / "start.json")]
        if earlier is not None:
            arguments += ["--earlier", str(folder / "earlier.json")]
        _watched(["solve", str(question), *arguments], seconds + GRACE_SECONDS, told)
        _matching(["check", str(question), str(answer)], LARGE_SECONDS)
        return _read(answer)


def split(problem: Json, plan: Json, *, hold: Iterable[str], requests: int, seed: int) -> Divided:
    """Parts of about so many requests each, which leave the visits of `hold` as they are. Raises SolverFailed."""
    with _files(problem=problem, plan=plan, hold=sorted(hold)) as folder:
        into = folder / "parts"
        into.mkdir()
        given = [str(folder / "problem.json"), str(folder / "plan.json"), "--hold", str(folder / "hold.json")]
        _matching(["split", *given, "-o", str(into), "--requests", str(requests), "--seed", str(seed)], LARGE_SECONDS)
        count = len(list(into.glob("part-*.plan.json")))
        parts = [(_read(into / f"part-{n}.json"), _read(into / f"part-{n}.plan.json")) for n in range(1, count + 1)]
        return Divided(_read(into / "problem.json").get("promises", []), _read(into / "plan.json"), parts)


def join(problem: Json, plan: Json, parts: Sequence[tuple[Json, Json | None]], *, seed: int) -> Json:
    """The whole plan with the answers there are, judged as a whole, never worse. Raises SolverFailed."""
    named: dict[str, Any] = {"problem": problem, "plan": plan}
    for number, (small, answer) in enumerate(parts, 1):
        named |= {f"part-{number}": small, f"part-{number}.answer": answer}
    with _files(**named) as folder:
        question, answer_file = folder / "problem.json", folder / "joined.json"
        given = [str(question), str(folder / "plan.json"), str(folder)]
        _matching(["join", *given, "-o", str(answer_file), "--seed", str(seed)], LARGE_SECONDS)
        _matching(["check", str(question), str(answer_file)], LARGE_SECONDS)
        return _read(answer_file)


def candidates(problem: Json, plan: Json, request_id: str) -> list[Json]:
    """Who could take a request in this plan, best first, and why the others cannot. Raises SolverFailed."""
    with _files(problem=problem, plan=plan) as folder:
        given = [str(folder / "problem.json"), str(folder / "plan.json")]
        told = _matching(["candidates", *given, "--request", request_id], QUICK_SECONDS)
        ranked: list[Json] = json.loads(told)
        return ranked


@contextmanager
def _files(**named: Any) -> Iterator[Path]:
    """A folder with these values as `<name>.json`, without those that are None."""
    with tempfile.TemporaryDirectory(prefix="plan-") as name:
        folder = Path(name)
        for stem, value in named.items():
            if value is not None:
                (folder / f"{stem}.json").write_text(json.dumps(value), encoding="utf-8")
        yield folder


def _read(path: Path) -> Json:
    value: Json = json.loads(path.read_text(encoding="utf-8"))
    return value


def advise(problem: Json, plan: Json, *, seconds: float, seed: int) -> list[Json]:
    """What would let more of the problem be served than this plan serves, best first. Raises SolverFailed."""
    with _files(problem=problem, plan=plan) as folder:
        arguments = ["--seconds", f"{seconds:g}", "--seed", str(seed)]
        given = [str(folder / "problem.json"), str(folder / "plan.json")]
        told = _matching(["advise", *given, *arguments], seconds + GRACE_SECONDS)
        found: list[Json] = json.loads(told)
        return found


def _matching(arguments: list[str], limit: float) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, arguments made here
            _command(arguments), capture_output=True, timeout=limit, check=False, **_surroundings()
        )
    except subprocess.TimeoutExpired as error:
        raise SolverFailed(f"{arguments[0]}: no answer after {limit:g} s") from error
    except OSError as error:
        raise SolverFailed(f"{arguments[0]}: {error}"[:SAID]) from error
    if done.returncode != 0:
        raise SolverFailed(f"{arguments[0]}: exit {done.returncode}: {(done.stderr or done.stdout)[:SAID]}")
    return str(done.stdout)


def _watched(arguments: list[str], limit: float, told: Told | None) -> None:
    """The same for a command that answers into a file; what it says of its progress is handed on at once."""
    if told is None:
        _matching(arguments, limit)
        return
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module, arguments made here
            [*_command(arguments), "--progress", "json"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **_surroundings(),
        )  # fmt: skip
    except OSError as error:
        raise SolverFailed(f"{arguments[0]}: {error}"[:SAID]) from error
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(limit, end)
    clock.start()
    with process:
        try:
            said = _handed_on(process.stderr or (), told)
            process.wait()
        finally:
            # Where `told` raised, nobody waits for this plan any more.
            process.kill()
            clock.cancel()
    if late.is_set():
        raise SolverFailed(f"{arguments[0]}: no answer after {limit:g} s")
    if process.returncode != 0:
        raise SolverFailed(f"{arguments[0]}: exit {process.returncode}: {said[:SAID]}")


def _handed_on(lines: Iterable[str], told: Told) -> str:
    """Everything that was no progress."""
    said = ""
    for line in lines:
        if line.startswith("{"):
            told(json.loads(line))
        else:
            said += line
    return said


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "matching", *arguments]


def _surroundings() -> dict[str, Any]:
    return {
        "cwd": settings.BASE_DIR,
        "text": True,
        "env": {**os.environ, **ONE_THREAD, **_kernels()},
        "preexec_fn": _limit_memory,
    }


def _kernels() -> dict[str, str]:
    """Where the compiled kernels are kept: beside the code, else in a folder of our own, never in a shared one."""
    code = settings.BASE_DIR / "matching" / "exact"
    beside = code / "__pycache__"
    if "NUMBA_CACHE_DIR" in os.environ or os.access(beside if beside.exists() else code, os.W_OK):
        return {}
    folder = settings.VAR_DIR / "kernels"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"NUMBA_CACHE_DIR": str(folder)}


def _limit_memory() -> None:
    most = settings.SOLVER_MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
