"""Whether the demonstration was prepared before, with what is here now: then the pages need not wait for the check."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ops import place


def _fingerprint(env: dict[str, str]) -> str:
    """What the prepared database and the collected files depend on: names, sizes and times, not contents."""
    digest = hashlib.sha256(env.get("DATABASE_URL", "").encode())
    patterns = ("*/migrations/*.py", "*/management/commands/*.py", "*/static/**/*", "locale/**/*.po")
    more = ("*/data/**/*", "requirements/base.txt", "ops/prepare.py", "*/facts/**/*", "*/demo/**/*")
    for pattern in (*patterns, *more):
        for path in sorted(place.ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                status = path.stat()
                digest.update(f"{path}{status.st_size}{status.st_mtime_ns}".encode())
    return digest.hexdigest()


def _stamp_file() -> Path:
    return place.var_dir() / "prepared"


def known(env: dict[str, str]) -> bool:
    """Whether nothing has changed since `remember`."""
    if not env.get("DATABASE_URL") and not (place.var_dir() / "db.sqlite3").exists():
        return False
    try:
        return _stamp_file().read_text(encoding="utf-8") == _fingerprint(env)
    except OSError:
        return False


def remember(env: dict[str, str]) -> None:
    """The database and the files are prepared as of now."""
    _stamp_file().write_text(_fingerprint(env), encoding="utf-8")
