"""Reading the environment: words, flags, the database and the broker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}


def text(name: str, default: str) -> str:
    """The variable's value, or the default where it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    return default if value is None or value == "" else value.strip().lower() in TRUE


def building() -> bool:
    """Commands that only read code (checks, schemas, catalogues) and the test suite need no real secret."""
    return flag("BUILDING") or "pytest" in sys.modules


def words(name: str) -> list[str]:
    """A list written with commas or spaces."""
    return os.environ.get(name, "").replace(",", " ").split()


def database(url: str, sqlite_path: Path) -> dict[str, Any]:
    """Django's settings for `DATABASE_URL`; without one, SQLite in WAL mode at `sqlite_path`."""
    if not url:
        sqlite_path.parent.mkdir(parents=True, exist_ok=True)
        return _sqlite(str(sqlite_path))
    parts = urlsplit(url)
    if parts.scheme in {"sqlite", "sqlite3"}:
        return _sqlite(unquote(parts.path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL begins with {parts.scheme!r}; use postgres:// or sqlite:///")
    query = dict(parse_qsl(parts.query))
    pool_size = int(query.pop("pool", "0"))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    options: dict[str, Any] = dict(query)
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if pool_size else 60,
        "CONN_HEALTH_CHECKS": not pool_size,
        "OPTIONS": options,
    }


def _sqlite(path: str) -> dict[str, Any]:
    # IMMEDIATE serialises writers at BEGIN, where they wait, instead of failing at the first write.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def broker_settings(var_dir: Path) -> tuple[str, dict[str, Any]]:
    """The broker's address and transport options: CELERY_BROKER_URL, REDIS_URL, or files under `var`."""
    url = os.environ.get("CELERY_BROKER_URL") or os.environ.get("REDIS_URL")
    if url and not url.startswith("filesystem:"):
        return url, {"visibility_timeout": 600, "socket_timeout": 10}
    folder = var_dir / "broker"
    for name in ("queue", "processed", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return "filesystem://", {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "processed_folder": str(folder / "processed"),
        "control_folder": str(folder / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
