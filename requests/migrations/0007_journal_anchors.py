"""What the journal said each night, and the same guard as the journal's own."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TABLES = ["requests_journalanchor", "requests_journallink"]


def guard(apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for statement in _postgres(table) if postgres else _sqlite(table):
            schema_editor.execute(statement, params=None)


def _postgres(table: str) -> list[str]:
    """The function is the journal's, from 0003."""
    return [
        f"CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()",
        f"CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()",
    ]


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0006_keeping"),
    ]

    operations = [
        migrations.CreateModel(
            name="JournalAnchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("night", models.DateField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("up_to", models.BigIntegerField()),
                ("entries", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "previous",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="requests.journalanchor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JournalLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("help_request_id", models.UUIDField(null=True)),
                ("entry_ids", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
                (
                    "anchor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chain", to="requests.journalanchor"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["help_request_id", "-id"], name="journal_link_before")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
