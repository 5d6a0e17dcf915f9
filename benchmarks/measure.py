"""Running a command as a child of its own, and what it took."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True, slots=True)
class Run:
    """A child that has ended: CPU (user and system) and wall seconds, peak memory in MiB, what it wrote."""

    code: int
    cpu: float
    wall: float
    peak_mib: float
    output: str


def _environment() -> dict[str, str]:
    # Without kept bytecode every start would compile the libraries anew, for three seconds: no installation does.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | ONE_THREAD


def run(arguments: Sequence[str | Path], patience: float = 3600) -> Run:
    """Run this Python with `arguments` and one thread; killed after `patience` seconds of wall time.

    `output` holds standard output and standard error together.
    """
    began = time.monotonic()
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as report:
        try:
            done = subprocess.run(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    LAUNCHER,
                    str(writer),
                    str(patience),
                    sys.executable,
                    *map(str, arguments),
                ],
                cwd=ROOT,
                env=_environment(),
                pass_fds=[writer],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=True,
            )
        finally:
            os.close(writer)
        code, cpu, peak = json.loads(report.read())
    per_mib = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(code, cpu, time.monotonic() - began, peak / per_mib, done.stdout)


def circumstances(packages: Iterable[str], seeds: Sequence[int]) -> str:
    """One line for under a table: date, machine, versions, seeds."""
    versions = [f"{name} {version}" for name in packages if (version := _version(name))]
    python = f"Python {platform.python_version()}"
    told = f"seeds {seeds[0]}-{seeds[-1]}" if len(seeds) > 1 else f"seed {seeds[0]}"
    today = datetime.now(UTC).strftime("%d.%m.%Y")
    return f"{today}, {_processor()}, {os.cpu_count()} cores, {', '.join([python, *versions])}, {told}."


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
