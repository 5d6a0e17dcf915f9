"""The whole database in one file, and back into an empty one: PostgreSQL by its own tools, SQLite by its backup API."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

SQLITE_HEAD = b"SQLite format 3\0"
POSTGRES_HEAD = b"PGDMP"
# Options of DATABASE_URL that PostgreSQL's own tools are told by the environment.
TOLD = ("sslmode", "sslrootcert", "sslcert", "sslkey", "hostaddr")


class Refused(Exception):
    """What stands in the way, in one sentence."""


def write(path: Path) -> None:
    """One moment's state of the database; only its owner can read the file. Raises Refused."""
    if path.exists():
        raise Refused(f"{path} exists already.")
    path.touch(mode=0o600)
    try:
        if connection.vendor == "sqlite":
            _copy(_sqlite(), path)
        else:
            _tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
    except BaseException:
        path.unlink()
        raise


def read(path: Path) -> None:
    """Fill the empty database with what `write` wrote, whole or not at all. Raises Refused."""
    head = path.open("rb").read(16) if path.is_file() else b""
    wanted = SQLITE_HEAD if connection.vendor == "sqlite" else POSTGRES_HEAD
    if not head.startswith(wanted):
        raise Refused(f"{path} is no backup of a {connection.display_name} database.")
    if connection.introspection.table_names():
        raise Refused("The database is not empty. Restore into a new one, then let the installation use it.")
    if connection.vendor == "sqlite":
        _read_sqlite(path)
    else:
        _tool("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(path))


def _sqlite() -> sqlite3.Connection:
    connection.ensure_connection()
    own: Any = connection.connection
    found: sqlite3.Connection = own
    return found


def _copy(source: sqlite3.Connection, path: Path) -> None:
    target = sqlite3.connect(path)
    try:
        source.backup(target)
    finally:
        target.close()


def _read_sqlite(path: Path) -> None:
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Refused(f"{path} is damaged.")
        source.backup(_sqlite())
    finally:
        source.close()


def _tool(name: str, *arguments: str) -> None:
    """A tool of PostgreSQL on our database; the password goes by the environment, which no process list shows."""
    told = connection.settings_dict
    options = told["OPTIONS"]
    env = {**os.environ, **{f"PG{key.upper()}": str(options[key]) for key in TOLD if key in options}}
    env["PGPASSWORD"] = str(told["PASSWORD"])
    where = {"--host": told["HOST"], "--port": told["PORT"], "--username": told["USER"], "--dbname": told["NAME"]}
    command = [_found(name), "--no-password", *(f"{key}={value}" for key, value in where.items() if value)]
    connection.close()
    done = subprocess.run([*command, *arguments], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Refused(f"{name}: {done.stderr.strip().splitlines()[0] if done.stderr.strip() else done.returncode}")


def _found(name: str) -> str:
    """On the PATH, else the newest that Debian keeps beside it."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(name) or (str(beside[-1]) if beside else "")
    if not found:
        raise Refused(f"{name} is not there. Install the client tools of PostgreSQL.")
    return found
