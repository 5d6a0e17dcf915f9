"""Guessing codes is slowed down: a few wrong tries from one address, then a pause."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core.crypto import lookup_hash

MOST = 5
PAUSE_SECONDS = 15 * 60


def address(request: HttpRequest) -> str:
    """Behind our own proxy the last forwarded address is the one the proxy saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return str(forwarded).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(request: HttpRequest) -> str:
    return "track:" + lookup_hash(address(request), purpose="address")


def too_many(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= MOST


def count_wrong(request: HttpRequest) -> None:
    key = _key(request)
    if not cache.add(key, 1, PAUSE_SECONDS):
        cache.incr(key)


def forget(request: HttpRequest) -> None:
    cache.delete(_key(request))
