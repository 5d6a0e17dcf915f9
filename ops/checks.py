"""`./run check`: every check of the code, one after the other; a broken one does not hide the next."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from ops import environment, place, throwaway
from ops.guard import THROWAWAY_GRACE, Guard
from ops.say import Trouble, say

BIN = place.VENV / "bin"
SHOWN_LINES = 40
ROOMS = ["accounts", "catalogue", "config", "core", "handbook", "matching", "notifications", "ops"]
ROOMS += ["places", "planning", "reports", "requests", "volunteers"]


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)


def run(arguments: list[str]) -> int:
    """0 when every check passed. Raises Trouble when PostgreSQL is missing and nobody allowed that."""
    unknown = [word for word in arguments if word != "--allow-missing"]
    if unknown:
        raise Trouble(f"Няма опция „{unknown[0]}“.", f"There is no option {unknown[0]!r}.")
    environment.ensure("dev")
    guard = Guard(grace=THROWAWAY_GRACE)
    missing = ""
    try:
        with tempfile.TemporaryDirectory(prefix="dv-check-") as folder:
            checks = code_checks()
            checks += database_checks("SQLite", f"sqlite:///{folder}/db.sqlite3")
            try:
                checks += database_checks("PostgreSQL", throwaway.start_postgres(guard).url())
            except throwaway.Unavailable as error:
                missing = str(error)
            failed = [check.name for check in checks if not _passes(check, folder)]
    finally:
        guard.close()
    if missing:
        say(f"НЕ Е ПРОВЕРЕНО с PostgreSQL: {missing}", "NOT CHECKED on PostgreSQL")
        if "--allow-missing" not in arguments:
            failed.append("PostgreSQL")
    if failed:
        say(f"Не минаха: {', '.join(failed)}.", f"Failed: {', '.join(failed)}.")
        return 1
    say(f"Минаха всичките {len(checks)} проверки.", f"All {len(checks)} checks passed.")
    return 0


def code_checks() -> list[Check]:
    manage = [str(place.PYTHON), "manage.py"]
    return [
        Check("ruff check", [str(BIN / "ruff"), "check", "."]),
        Check("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        Check("bandit", [str(BIN / "bandit"), "-q", "-c", "pyproject.toml", "-r", *ROOMS]),
        Check("mypy", [str(place.PYTHON), "-m", "mypy", "."]),
        Check(
            "import-linter",
            [str(place.PYTHON), "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        ),
        Check("django check", [*manage, "check", "--fail-level", "WARNING"]),
        Check("messages", [*manage, "messages", "--check"]),
        Check("API schema", [*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull]),
    ]


def database_checks(name: str, url: str) -> list[Check]:
    command = [str(place.PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"]
    return [Check(f"makemigrations {name}", command, {"DATABASE_URL": url})]


def _passes(check: Check, folder: str) -> bool:
    """Run it, print its line, and its output when it failed."""
    started = time.monotonic()
    # Checks read code only, so they need no secrets and touch nothing in var.
    env = {**os.environ, "BUILDING": "1", "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
    for name in ("DEMO", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        env.pop(name, None)
        env.pop(f"{name}_FILE", None)
    done = subprocess.run(
        check.command,
        cwd=place.ROOT,
        env={**env, **check.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    word = "✓" if done.returncode == 0 else "✗"
    say(f"  {time.monotonic() - started:5.1f} s  {word} {check.name}")
    if done.returncode:
        _show(check, done.stdout)
    return done.returncode == 0


def _show(check: Check, output: str) -> None:
    """The first lines of what a check complains of; all of them stand in its log."""
    log = place.log_dir() / f"check-{check.name.replace(' ', '-')}.log"
    log.write_text(output, encoding="utf-8")
    lines = output.rstrip().splitlines()
    for line in lines[:SHOWN_LINES]:
        print(f"           {line}")
    if len(lines) > SHOWN_LINES:
        say(f"           … още {len(lines) - SHOWN_LINES} реда: {log}", f"{len(lines) - SHOWN_LINES} more lines")
