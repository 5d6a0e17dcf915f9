"""One HTTP client for all gateways: short patience, no redirects, and a clear word on what broke when."""

from __future__ import annotations

import logging
import time
from typing import Any

import httpx

from core import outbound
from notifications.channels.errors import CannotSend, MayHaveBeenSent

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 10.0
# It would write a line with the address for every message.
logging.getLogger("httpx").setLevel(logging.WARNING)
# Answers are a line or a small object; more is rubbish.
MOST_BYTES = 64_000

_client = outbound.Client(
    timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
    limits=httpx.Limits(max_connections=96, max_keepalive_connections=64, keepalive_expiry=30.0),
)


def seconds(retry_after: str) -> int:
    """What Retry-After says; 0 where it is missing or says a moment instead."""
    return int(retry_after) if retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 8 else 0


def asked_to_wait(answer: httpx.Response) -> int:
    return seconds(answer.headers.get("Retry-After", ""))


def post(url: str, **given: Any) -> httpx.Response:
    """POST and read the answer. Raises CannotSend where nothing had gone out, MayHaveBeenSent where it may have."""
    until = time.monotonic() + ANSWER_SECONDS
    try:
        with _client.stream("POST", url, **given) as answer:
            if answer.status_code == httpx.codes.GATEWAY_TIMEOUT:
                # A server in between gave up waiting: the provider may have taken it.
                raise MayHaveBeenSent("GatewayTimeout")
            body = bytearray()
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise MayHaveBeenSent("AnswerTooLong")
                if time.monotonic() > until:
                    raise MayHaveBeenSent("AnswerTooSlow")
            # So that `text` and `json` read what was collected here.
            answer._content = bytes(body)
            return answer
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
        raise CannotSend(type(error).__name__) from error
    except httpx.HTTPError as error:
        raise MayHaveBeenSent(type(error).__name__) from error
