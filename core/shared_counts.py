"""The cache: in Redis for all web processes together, in this process alone while Redis does not answer.

Only counts rest here. Losing them forgives some tries; a page never fails for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from core.redis_tls import Pool

logger = logging.getLogger(__name__)
# How long Redis is left alone after it did not answer.
REST_SECONDS = 5.0
# It stands in the same house; who waits longer has a page that hangs.
ANSWER_SECONDS = 0.5
METHODS = ("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "clear")


class SharedCounts(RedisCache):  # type: ignore[misc]
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS, "pool_class": Pool}
        params = {**params, "OPTIONS": {**options, **params.get("OPTIONS", {})}}
        super().__init__(server, params)
        self._own = LocMemCache("shared-counts", {})
        self._rests_until = 0.0

    def _asked(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._rests_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._rests_until = time.monotonic() + REST_SECONDS
                logger.warning("No Redis for counts (%s); this process counts alone", type(error).__name__)
        return getattr(self._own, name)(*args, **kwargs)


def _method(name: str) -> Callable[..., Any]:
    def asked(self: SharedCounts, *args: Any, **kwargs: Any) -> Any:
        return self._asked(name, *args, **kwargs)

    asked.__name__ = name
    return asked


for _name in METHODS:
    setattr(SharedCounts, _name, _method(_name))
