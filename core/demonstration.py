"""What keeps a demonstration and a real installation apart."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

from core.models import InstallationMark

KIND = "demo"


def is_marked() -> bool:
    return _has(InstallationMark._meta.db_table) and InstallationMark.objects.filter(kind=KIND).exists()


def may_claim() -> bool:
    """Whether the database is a demonstration or holds no user yet. Tables may be missing."""
    users = get_user_model()
    return is_marked() or not _has(users._meta.db_table) or not users._base_manager.exists()


def claim() -> bool:
    """Mark a database that holds no user yet as a demonstration; whether it is one.

    Needs the tables of `core`; those of the other rooms may still be missing.
    """
    if not may_claim():
        return False
    InstallationMark.objects.get_or_create(kind=KIND)
    return True


def _has(table: str) -> bool:
    return table in connection.introspection.table_names()


class DemonstrationMiddleware:
    """Stands first when DEMO is on, because the demonstration has sign-in links for everyone.

    It serves only a database marked as a demonstration, and only callers on this machine.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if not is_marked():
            raise ImproperlyConfigured("DEMO is on, but this database is not a demonstration. Start it with ./run.")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponseForbidden("The demonstration answers only the machine it runs on.")
        return self.get_response(request)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
