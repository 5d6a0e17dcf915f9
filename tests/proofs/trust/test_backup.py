"""A backup goes into an empty database and is the same there, row by row; into another it does not go."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from requests.services import anchoring, answers
from tests import factories as make
from tests.services import templates
from tests.services.fixtures import ROOT, test_database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_smoke]
NEW = "dv_restored"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Any:
    """The address of an empty database, and a way to ask it."""
    if connection.vendor == "sqlite":
        path = tmp_path / "new.sqlite3"
        yield f"sqlite:///{path}", lambda ours=False: copied() if ours else sqlite3.connect(path)
        return
    import psycopg

    templates.sql(f'DROP DATABASE IF EXISTS "{NEW}" WITH (FORCE)')
    templates.sql(f'CREATE DATABASE "{NEW}"')
    address = test_database_url().replace(f"/{connection.settings_dict['NAME']}?", f"/{NEW}?")
    told = connection.settings_dict

    def connect(ours: bool = False) -> Any:
        name = told["NAME"] if ours else NEW
        return psycopg.connect(dbname=name, host=told["HOST"], user=told["USER"], options="-c timezone=UTC")

    yield address, connect
    templates.sql(f'DROP DATABASE "{NEW}" WITH (FORCE)')


def copied() -> sqlite3.Connection:
    """Django's own connection would make dates of texts."""
    copy = sqlite3.connect(":memory:")
    connection.connection.backup(copy)
    return copy


def restore(file: Path, address: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(file)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "DATABASE_URL": address, "VAR_DIR": str(tmp_path)},
    )  # fmt: skip


def rows(cursor: Any) -> dict[str, list[str]]:
    found = {}
    for table in sorted(connection.introspection.table_names()):
        cursor.execute(f'SELECT * FROM "{table}"')
        found[table] = sorted(str(row) for row in cursor.fetchall())
    return found


def test_it_is_the_same_row_by_row_and_the_guard_stands(elsewhere: Any, tmp_path: Path) -> None:
    address, connect = elsewhere
    ivanka, row = make.volunteer(), make.help_request(note="кучето лае")
    (offer,) = make.offer(row, ivanka)
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    anchoring.anchor(now=make.NOW)
    file = tmp_path / "dv.backup"
    call_command("backup", str(file), verbosity=0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "кучето".encode() not in file.read_bytes()
    done = restore(file, address, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "are as they were written" in done.stdout
    with connect(ours=True) as here:
        ours = rows(here.cursor())
    with connect() as there:
        theirs = rows(there.cursor())
        assert theirs == ours and len(ours["requests_journalentry"]) > 4
        with pytest.raises(Exception, match="append-only"):
            there.cursor().execute("DELETE FROM requests_journalentry")
    again = restore(file, address, tmp_path)
    assert again.returncode == 1 and "not empty" in again.stderr


def test_what_is_no_backup_is_not_read_and_nothing_is_written_over(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"a letter")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(there))
    for file in (there, tmp_path / "nowhere"):
        with pytest.raises(CommandError, match="is no backup"):
            call_command("restore", str(file))
    assert there.read_bytes() == b"a letter"
