"""So many from one address, then a pause: for public pages that guessing or flooding must not have for free."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core.crypto import lookup_hash


def address(request: HttpRequest) -> str:
    """Behind our own proxy the last forwarded address is the one the proxy saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return str(forwarded).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


@dataclass(frozen=True)
class Tries:
    """`most` of one kind from one address within `pause_seconds` of the first. The address is kept as a hash only."""

    name: str
    most: int
    pause_seconds: int

    def too_many(self, request: HttpRequest) -> bool:
        return int(cache.get(self._key(request), 0)) >= self.most

    def count(self, request: HttpRequest) -> None:
        key = self._key(request)
        if not cache.add(key, 1, self.pause_seconds):
            cache.incr(key)

    def forget(self, request: HttpRequest) -> None:
        cache.delete(self._key(request))

    def _key(self, request: HttpRequest) -> str:
        return f"{self.name}:" + lookup_hash(address(request), purpose="address")
