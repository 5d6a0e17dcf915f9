"""Checks of an installation: its database (run by `migrate` and `check --database default`), and what it decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register
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


@register(deploy=True)
def nobody_is_spoken_to_in_the_clear(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """To speak without TLS is the operator's decision; it is said again whenever an installation is looked over."""
    if not settings.CLEAR_HOSTS:
        return []
    told = f"CLEAR_HOSTS: {', '.join(settings.CLEAR_HOSTS)} may be spoken to without TLS."
    return [Warning(told, hint="Let something else guard that way, or give them certificates.", id="core.W001")]
