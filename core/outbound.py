"""The one way out by http: to the servers the settings name, and to no other, whoever asked for it.

Events for systems that an administrator subscribed leave by `notifications/webhooks/posting.py`, which looks at each
address; nothing else opens a connection (`tests/proofs/trust/test_destinations.py`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings

Origin = tuple[str, str, int | None]
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("127.0.0.1", "localhost")


class NotListed(httpx.UnsupportedProtocol):
    """An address outside the list: nothing was looked up, nothing was connected to."""


def fits(host: str, known: str) -> bool:
    """Whether a host is the one named; `*.` stands for any name before what follows. Both in small letters."""
    return host.endswith(known[1:]) if known.startswith("*.") else host == known


def is_listed(url: httpx.URL) -> bool:
    """Whether it leads to a gateway or the routing server of the settings, by their own scheme and port, or to a
    push service by https."""
    scheme, host, port = _origin_of(url)
    named = (settings.KANNEL_URL, settings.SMS_GATEWAY.get("url", ""), settings.OSRM_URL)
    if any(one and _origin(one) == (scheme, host, port) for one in named):
        return True
    return is_push_service(scheme, host, port)


def is_push_service(scheme: str, host: str, port: int | None) -> bool:
    """Whether it is one of `PUSH_HOSTS` by https, or a developer's own on this machine. The host in small letters."""
    if settings.PUSH_LOCAL_SERVICE and host in _LOOPBACK:
        return True
    return scheme == "https" and port == 443 and any(fits(host, one) for one in settings.PUSH_HOSTS)


def _origin_of(url: httpx.URL) -> Origin:
    return url.scheme, url.host.lower(), url.port or _PORTS.get(url.scheme)


@lru_cache(maxsize=16)
def _origin(address: str) -> Origin | None:
    try:
        return _origin_of(httpx.URL(address))
    except httpx.InvalidURL:
        return None


class _Listed(httpx.HTTPTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not is_listed(request.url):
            raise NotListed("not on the list of destinations", request=request)
        return super().handle_request(request)


class Client(httpx.Client):
    """httpx's, without redirects and proxies of the environment. Raises NotListed for any other destination."""

    def __init__(self, *, timeout: Any, limits: httpx.Limits | None = None) -> None:
        transport = _Listed(trust_env=False, limits=limits or httpx.Limits())
        super().__init__(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)
