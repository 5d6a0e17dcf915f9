"""Reading the environment: words, flags, secrets from files, the database and the broker."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
# Whatever opens something. `NAME_FILE` may name a file that holds it, and then no environment does.
SECRETS = frozenset(
    {"SECRET_KEY", "LOOKUP_KEY", "FIELD_KEYS", "EVIDENCE_KEYS", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    | {"EMAIL_HOST_PASSWORD", "KANNEL_PASSWORD", "SMS_GATEWAY", "GATEWAY_SECRET", "PUSH_VAPID_PRIVATE_KEY"}
    | {"METRICS_TOKEN"}
)


def given(name: str) -> str:
    """The variable's value; of one of SECRETS also what the file `NAME_FILE` holds, without its final newline.

    Raises ImproperlyConfigured: both are set, or the file cannot be read, or everybody may open it.
    """
    value = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "") if name in SECRETS else ""
    if not path:
        return value
    if value:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Leave one of them out.")
    try:
        with Path(path).open(encoding="utf-8") as file:
            open_to_all = os.fstat(file.fileno()).st_mode & stat.S_IRWXO
            content = file.read()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read: {why}.") from None
    if open_to_all:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is open to everybody. chmod 400, and only for its owner.")
    return content.removesuffix("\n").removesuffix("\r")


def text(name: str, default: str) -> str:
    """The variable's value, or the default where it is unset or empty."""
    return given(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    return default if value is None or value == "" else value.strip().lower() in TRUE


def building() -> bool:
    """Commands that only read code (checks, schemas, catalogues) and the test suite need no real secret."""
    return flag("BUILDING") or "pytest" in sys.modules


def words(name: str) -> list[str]:
    """A list written with commas or spaces."""
    return given(name).replace(",", " ").split()


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
    url = given("CELERY_BROKER_URL") or given("REDIS_URL")
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
