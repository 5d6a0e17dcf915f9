"""`.venv` from the hash-checked lock, made once and left alone until the lock or Python changes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import place
from ops.doctor import need_space
from ops.say import Trouble, say, step
from ops.supervisor import Supervisor

NEEDED_MEGABYTES = {"base": 500, "dev": 1200, "fuzz": 200}
OLDEST_PIP = (22, 3)  # the first with `pip --python`


def ensure(lock: str, supervisor: Supervisor | None = None) -> None:
    """Make sure the environment holds everything in `requirements/<lock>.txt` (base or dev)."""
    if _holds(lock):
        return
    if supervisor is None:
        supervisor = Supervisor(place.log_dir())
        try:
            ensure(lock, supervisor)
        finally:
            supervisor.stop()
        return
    need_space(place.ROOT, NEEDED_MEGABYTES[lock])
    with _alone():
        if _holds(lock):  # somebody else has just installed it
            return
        if not _works(place.PYTHON):
            with step("Среда .venv", "Environment .venv"):
                _create(place.VENV)
        what = ("библиотеките", "the libraries") if lock == "base" else ("библиотеките и тестовете", "all libraries")
        say(f"           Инсталиране на {what[0]}, до минута", f"Installing {what[1]}, up to a minute")
        with step(f"Инсталирани са {what[0]}", f"Installed {what[1]}"):
            install(place.ROOT / "requirements" / f"{lock}.txt", place.PYTHON, supervisor)
        _stamp(lock)


def aside(lock: str, supervisor: Supervisor | None = None) -> Path:
    """The Python of an environment of its own for `requirements/<lock>.txt`: for what may not stand beside ours."""
    folder = place.tools_dir() / lock
    python, stamp = folder / "bin" / "python", folder / "lock.sha256"
    if _is_whole(python, stamp, lock):
        return python
    if supervisor is None:
        supervisor = Supervisor(place.log_dir())
        try:
            return aside(lock, supervisor)
        finally:
            supervisor.stop()
    need_space(place.ROOT, NEEDED_MEGABYTES[lock])
    with _alone(), step(f"Среда {lock}", f"environment {lock}"):
        if not _is_whole(python, stamp, lock):  # nobody else has just made it
            _create(folder)
            install(place.ROOT / "requirements" / f"{lock}.txt", python, supervisor)
            stamp.write_text(_lock_hash(lock), encoding="utf-8")
    return python


def _is_whole(python: Path, stamp: Path, lock: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _lock_hash(lock) and _works(python)


def install(lock: Path, python: Path, supervisor: Supervisor) -> None:
    """Install the lock with hashes checked and wheels only. Raises Trouble with pip's last words."""
    # Python compiles what is imported when it is imported: a fifth of pip's time for a tenth of the modules.
    command = [
        *pip_for(python),
        *(
            "install",
            "--no-compile",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--no-input",
            "--no-warn-script-location",
        ),
        *("--disable-pip-version-check", "--progress-bar", "off", "--requirement", str(lock)),
    ]
    code, log = supervisor.call("install", command, dict(os.environ))
    if code:
        raise _explain(log)


def pip_for(python: Path) -> list[str]:
    """The command of a pip that installs into `python`: the environment's own, or this interpreter's."""
    inside = subprocess.run([str(python), "-I", "-m", "pip", "--version"], capture_output=True, check=False)
    if inside.returncode == 0:
        return [str(python), "-P", "-m", "pip"]
    return [sys.executable, "-P", "-m", "pip", "--python", str(python)]


def base_pip() -> tuple[int, ...] | None:
    """Version of this interpreter's pip, or None."""
    done = subprocess.run([sys.executable, "-P", "-m", "pip", "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"pip (\d+)\.(\d+)", done.stdout)
    return (int(found[1]), int(found[2])) if done.returncode == 0 and found else None


def _create(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    pip = base_pip()
    # pip from outside saves unpacking another one, and needs no ensurepip (Debian without python3-venv).
    bare = ["--without-pip"] if pip is not None and pip >= OLDEST_PIP else []
    done = subprocess.run(
        [sys.executable, "-m", "venv", *bare, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise _explain(done.stdout + done.stderr, making=True)


def _explain(output: str, making: bool = False) -> Trouble:
    if "No space left" in output or "Errno 28" in output:
        return Trouble("Дискът е пълен.", f"The disk is full ({place.ROOT}).")
    if making:
        return Trouble(
            "Липсва pip. Debian, Ubuntu: sudo apt install python3-pip python3-venv.",
            "pip is missing. Debian, Ubuntu: sudo apt install python3-pip python3-venv.",
            "\n".join(output.splitlines()[-5:]),
        )
    return Trouble(
        "Библиотеките не се инсталираха. Вижте последните редове.",
        "The libraries could not be installed. See the last lines.",
        "\n".join(output.splitlines()[-12:]),
    )


def _works(python: Path) -> bool:
    """Whether an environment (`.venv`) has a Python that starts and is new enough."""
    if not python.exists():
        return False
    command = [str(python), "-I", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _lock_hash(lock: str) -> str:
    return hashlib.sha256((place.ROOT / "requirements" / f"{lock}.txt").read_bytes()).hexdigest()


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads((place.VENV / "lock.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _interpreter() -> str:
    """What the environment was made from: another Python, or a newer one, means installing again."""
    try:
        return (place.VENV / "pyvenv.cfg").read_text(encoding="utf-8") + str(place.PYTHON.resolve(strict=True))
    except OSError:
        return ""


def _holds(lock: str) -> bool:
    stamp = _read_stamp()
    return stamp.get(lock) == _lock_hash(lock) and stamp.get("python") == _interpreter() != ""


def _stamp(lock: str) -> None:
    stamp = {"python": _interpreter(), lock: _lock_hash(lock)}
    if lock == "dev":
        stamp["base"] = _lock_hash("base")
    path = place.VENV / "lock.json"
    path.with_suffix(".new").write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    path.with_suffix(".new").replace(path)


@contextmanager
def _alone() -> Iterator[None]:
    """One installation at a time."""
    with (place.var_dir() / "install.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def compile_locks() -> int:
    """Resolve `requirements/*.in` again for every Python from 3.11 on; the hashes come from the index."""
    uv = shutil.which("uv")
    if uv is None:
        raise Trouble("Липсва uv: python3 -m pip install uv.", "uv is missing: python3 -m pip install uv.")
    for lock in ("base", "dev", "benchmarks", "fuzz"):
        command = [
            *(uv, "pip", "compile", f"requirements/{lock}.in", "--python-version", "3.11", "--universal"),
            *("--generate-hashes", "--no-header", "--no-annotate", "--quiet"),
            *("-o", f"requirements/{lock}.txt"),
        ]
        with step(f"requirements/{lock}.txt", "locked"):
            if subprocess.run(command, cwd=place.ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
                raise Trouble("uv не успя.", "uv failed.")
    return 0
