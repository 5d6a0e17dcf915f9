"""One POST to somebody else's server: checked address, no redirects, a hard deadline, and their answer is not read."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from notifications.channels.http import seconds
from notifications.webhooks import addresses

CONNECT_SECONDS, ALL_SECONDS = 5.0, 15.0
AGENT = "DigitalVolunteers-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 where none came; `reason` says why in a code. `retry_after`: seconds they asked us to wait."""

    status: int = 0
    reason: str = ""
    milliseconds: int = 0
    retry_after: int = 0

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, headers: Mapping[str, str], body: bytes, *, seconds: float = ALL_SECONDS) -> Answer:
    """Post and say what came of it; whatever happens, it ends about `seconds` later and raises nothing."""
    began = time.monotonic()
    try:
        addresses.check(url)
        status, retry_after = _exchange(url, headers, body, began + seconds)
    except addresses.Refused as refused:
        return Answer(reason=refused.reason, milliseconds=_since(began))
    except Exception as error:  # their server may answer with anything at all
        return Answer(reason=_name(error), milliseconds=_since(began))
    reason = "" if 200 <= status < 300 else f"Status{status}"
    return Answer(status, reason, _since(began), retry_after)


def _exchange(url: str, headers: Mapping[str, str], body: bytes, deadline: float) -> tuple[int, int]:
    all_headers = {**headers, "Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
    timeouts = {"connect": CONNECT_SECONDS, "read": ALL_SECONDS, "write": ALL_SECONDS, "pool": CONNECT_SECONDS}
    pool = httpcore.ConnectionPool(_trust(), max_connections=1, network_backend=_Guarded(deadline))
    with (
        pool,
        pool.stream(
            "POST", url, headers=list(all_headers.items()), content=body, extensions={"timeout": timeouts}
        ) as response,
    ):
        said = {name.lower(): value for name, value in response.headers}.get(b"retry-after", b"")
        return response.status, seconds(said.decode("latin-1"))


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _name(error: Exception) -> str:
    reason: BaseException | None = error
    while reason is not None:
        if isinstance(reason, ssl.SSLCertVerificationError):
            return "NotTrusted"
        reason = reason.__cause__ or reason.__context__
    return type(error).__name__


class _Guarded(httpcore.NetworkBackend):
    """Connects to an address that was looked at just before, so a name cannot point elsewhere meanwhile."""

    def __init__(self, deadline: float) -> None:
        self._deadline, self._inner = deadline, httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        trouble: Exception = httpcore.ConnectError()
        for address in addresses.look_up(host, port):
            try:
                wait = _left(self._deadline, timeout)
                stream = self._inner.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
            else:
                return _Timed(stream, self._deadline)
        raise trouble


class _Timed(httpcore.NetworkStream):
    """A connection on which no drop of bytes prolongs the whole."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = _left(self._deadline, timeout)
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout()
    return left if timeout is None else min(left, timeout)
