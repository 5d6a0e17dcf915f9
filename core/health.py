"""What a load balancer, a container or whoever brings up a new version asks."""

from __future__ import annotations

import threading

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_SECONDS = 2
_migrated = threading.Event()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503. The broker may be down: the rows are the queue."""
    up = _database()
    return JsonResponse({"database": "up" if up else "down"}, status=200 if up else 503)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all stands that this version needs: the database, its migrations, the broker. Else 503 and which.

    For bringing up a new version; one that serves already is asked `/healthz`.
    """
    database = _database()
    stands = {"database": database, "migrations": database and migrated(), "broker": _broker()}
    told = {name: "up" if well else "down" for name, well in stands.items()}
    return JsonResponse(told, status=200 if all(stands.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def migrated() -> bool:
    """Nothing of this version's migrations is missing. Once it is so it stays so in this process."""
    if not _migrated.is_set():
        try:
            executor = MigrationExecutor(connection)
            if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
                _migrated.set()
        except DatabaseError:
            return False
    return _migrated.is_set()


def _broker() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS, interval_start=0, interval_step=0)
    except Exception:  # each transport has errors of its own
        return False
    return True
