"""The database itself refuses to edit or delete the journal.

Purging is the work of a maintenance role that may disable the triggers; the runtime role may not.
"""

from typing import Any

from django.db import migrations

POSTGRES = """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON requests_journalentry
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON requests_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
"""
POSTGRES_BACK = """
DROP TRIGGER journal_no_change ON requests_journalentry;
DROP TRIGGER journal_no_truncate ON requests_journalentry;
DROP FUNCTION journal_is_append_only();
"""
SQLITE = [
    f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON requests_journalentry "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = ["DROP TRIGGER journal_no_update", "DROP TRIGGER journal_no_delete"]


def guard(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, [POSTGRES], SQLITE)


def unguard(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, [POSTGRES_BACK], SQLITE_BACK)


def _run(schema_editor: Any, postgres: list[str], sqlite: list[str]) -> None:
    for statement in postgres if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("requests", "0002_initial")]
    operations = [migrations.RunPython(guard, unguard)]
