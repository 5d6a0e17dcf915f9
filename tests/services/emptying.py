"""Emptying the database after a test that commits: the journal's guard steps aside for that moment only.

The migration's triggers refuse edits, deletes and TRUNCATE, as they should. A test with real commits
(`transaction=True`) must still be cleared away, as the maintenance role would do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

JOURNAL = "requests_journalentry"


@pytest.fixture(autouse=True, scope="session")
def _journal_lets_the_tests_clear() -> Iterator[None]:
    from django.db import connection, transaction

    operations: Any = type(connection.ops)
    plain = operations.execute_sql_flush

    def flush(self: Any, sql_list: Sequence[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            before, after = _aside(self.connection, cursor)
            for statement in (*before, *sql_list, *after):
                cursor.execute(statement)

    operations.execute_sql_flush = flush
    yield
    operations.execute_sql_flush = plain


def _aside(connection: Any, cursor: Any) -> tuple[list[str], list[str]]:
    """Statements that take the guard away and put it back."""
    if connection.vendor == "postgresql":
        return [f"ALTER TABLE {JOURNAL} DISABLE TRIGGER USER"], [f"ALTER TABLE {JOURNAL} ENABLE TRIGGER USER"]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [JOURNAL])
    triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _sql in triggers], [sql for _name, sql in triggers]
