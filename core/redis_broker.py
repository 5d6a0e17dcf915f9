"""Kombu's Redis transport, whose worker outlives a Redis that dies while a task runs.

Closing the lost connection, Kombu puts the task back that was not acknowledged; the connection is half closed by
then, and asking it for an address is an AttributeError nobody expects, which ends the worker. A lost connection is
what Celery is prepared for. What was taken stays in Redis as not acknowledged, and our rows are the queue anyway.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as ConnectionLost

from core.redis_tls import OwnAuthority

ADDRESSES = ("redis", "rediss")  # and redis+socket, whose transport is redis


class Channel(redis.Channel):
    connection_class_ssl = OwnAuthority

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection.client is None:
            raise ConnectionLost("this connection to Redis is closed")
        parameters: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]
        return parameters


class Transport(redis.Transport):
    Channel = Channel


def register() -> None:
    """From now on Redis's addresses mean this transport."""
    TRANSPORT_ALIASES.update(dict.fromkeys(ADDRESSES, f"{__name__}:Transport"))
