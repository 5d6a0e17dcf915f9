"""So many of one kind, then a pause: by address, by number, by account, by route. Subjects are kept as hashes only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core.crypto import lookup_hash

# Stands for "everybody together".
ALL = "*"


def address(request: HttpRequest) -> str:
    """Behind our own proxy the last forwarded address is the one the proxy saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return str(forwarded).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


@dataclass(frozen=True)
class Tries:
    """`most` of one kind from one subject within `pause_seconds` of the first: an address, or a text that names it."""

    name: str
    most: int
    pause_seconds: int

    def too_many(self, subject: HttpRequest | str) -> bool:
        return self.so_far(subject) >= self.most

    def so_far(self, subject: HttpRequest | str) -> int:
        return int(cache.get(self._key(subject), 0))

    def count(self, subject: HttpRequest | str) -> int:
        """How many there are with this one."""
        key = self._key(subject)
        if cache.add(key, 1, self.pause_seconds):
            return 1
        try:
            return int(cache.incr(key))
        except ValueError:  # it ran out between the two
            cache.set(key, 1, self.pause_seconds)
            return 1

    def take(self, subject: HttpRequest | str) -> bool:
        """Count this one and say whether it is still within the limit: two at once cannot both be the last."""
        return self.count(subject) <= self.most

    def forget(self, subject: HttpRequest | str) -> None:
        cache.delete(self._key(subject))

    def _key(self, subject: HttpRequest | str) -> str:
        if isinstance(subject, HttpRequest):
            return f"{self.name}:" + lookup_hash(address(subject), purpose="address")
        return f"{self.name}:" + lookup_hash(subject, purpose=f"tries:{self.name}")
