"""Emptying the database after a test that commits: the journal's guard steps aside for that moment only.

The migration's triggers refuse edits, deletes and TRUNCATE, as they should. A test with real commits
(`transaction=True`) must still be cleared away, as the maintenance role would do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

GUARDED = ["requests_journalentry", "requests_journalanchor", "requests_journallink"]
# What Django itself writes after a migration; nobody changes it, so it may stay.
STAYS = {"django_content_type", "auth_permission", "django_migrations"}


@pytest.fixture(autouse=True, scope="session")
def _journal_lets_the_tests_clear() -> Iterator[None]:
    from django.core.management.commands import flush as command
    from django.db import connection, transaction

    operations: Any = type(connection.ops)
    plain, told = operations.execute_sql_flush, command.emit_post_migrate_signal

    def flush(self: Any, sql_list: Sequence[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            for statement in _statements(self.connection, cursor, sql_list):
                cursor.execute(statement)

    operations.execute_sql_flush = flush
    if connection.vendor == "postgresql":
        command.emit_post_migrate_signal = lambda *args, **more: None
    yield
    operations.execute_sql_flush, command.emit_post_migrate_signal = plain, told


def _statements(connection: Any, cursor: Any, sql_list: Sequence[str]) -> list[str]:
    if connection.vendor == "postgresql":
        # A TRUNCATE of every table makes hundreds of files anew; a test leaves rows in a few tables.
        return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{one}"' for one in _filled(cursor))]
    names = ", ".join(["%s"] * len(GUARDED))
    cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({names})", GUARDED)
    triggers = cursor.fetchall()
    return [*(f"DROP TRIGGER {name}" for name, _sql in triggers), *sql_list, *(sql for _name, sql in triggers)]


def _filled(cursor: Any) -> list[str]:
    """The tables that hold rows. Here rules and foreign keys step aside, as all of it goes."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = [name for (name,) in cursor.fetchall() if name not in STAYS]
    cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables))
    return [name for (name,) in cursor.fetchall()]
