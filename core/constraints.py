"""A database constraint that speaks only where the database understands it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint


class PostgresExclusion(ExclusionConstraint):
    """An exclusion constraint on PostgreSQL; nothing on SQLite, where IMMEDIATE transactions serialise writers.

    The same migrations therefore run on both.
    """

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return super().constraint_sql(model, schema_editor) if _speaks(schema_editor) else None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return super().create_sql(model, schema_editor) if _speaks(schema_editor) else None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return super().remove_sql(model, schema_editor) if _speaks(schema_editor) else None

    def check(self, model: Any, connection: Any) -> list[Any]:
        return []

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        # The services check under a lock and speak kindly; the database has the last word.
        return None


def _speaks(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")
