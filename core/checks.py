"""Checks of an installation that need its database: run by `migrate` and `check --database default`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from core.demonstration import is_marked


@register(Tags.database)
def demonstration_has_its_own_database(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """DEMO on a database with people in it that nobody marked as a demonstration: nothing may go on."""
    if not settings.DEMO or not databases or is_marked():
        return []
    users = get_user_model()
    if users._meta.db_table not in connection.introspection.table_names() or not users._base_manager.exists():
        return []
    return [
        Error(
            "DEMO is on, but this database holds people and is not a demonstration.",
            hint="Unset DEMO, or start ./run with another database.",
            id="core.E001",
        )
    ]
