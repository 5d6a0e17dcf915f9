"""A post to a real server that behaves badly: it ends in time, follows nothing, and reads no answer."""

from __future__ import annotations

import time
from typing import Any

import pytest

from notifications.webhooks import addresses, posting
from tests.services.receiver import RETRY_AFTER, Receiver


@pytest.fixture(autouse=True)
def _here(settings: Any) -> None:
    settings.WEBHOOK_REACH = "loopback"


def test_what_was_taken_was_taken() -> None:
    with Receiver() as there:
        answer = posting.post(there.url, {"webhook-id": "1"}, b'{"a":1}')
    assert (answer.taken, answer.status, answer.reason) == (True, 204, "")
    (received,) = there.received
    assert (received.path, received.body, received.headers["content-length"]) == ("/events", b'{"a":1}', "7")


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 410, 429, 500, 503])
def test_any_other_answer_is_no_and_is_not_followed(status: int) -> None:
    with Receiver(status) as there:
        answer = posting.post(there.url, {}, b"{}")
    assert (answer.taken, answer.status, answer.reason) == (False, status, f"Status{status}")
    assert (answer.retry_after, len(there.received)) == (RETRY_AFTER, 1)


@pytest.mark.parametrize("how", ["half", "rubbish", "close"])
def test_a_broken_answer_is_none(how: str) -> None:
    with Receiver(how) as there:
        answer = posting.post(there.url, {}, b"{}")
    assert (answer.taken, answer.status, answer.reason) == (False, 0, "RemoteProtocolError")


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_it_ends_in_time_even_where_a_byte_comes_now_and_then(how: str) -> None:
    with Receiver(how) as there:
        began = time.monotonic()
        answer = posting.post(there.url, {}, b"{}", seconds=0.6)
        assert time.monotonic() - began < 2
    assert (answer.taken, answer.reason) == (False, "ReadTimeout")
    assert answer.milliseconds >= 500


def test_nobody_there() -> None:
    assert posting.post("http://127.0.0.1:9/", {}, b"{}").reason == "ConnectError"


def test_an_inner_address_is_not_even_connected_to(settings: Any) -> None:
    with Receiver() as there:
        settings.WEBHOOK_REACH = "public"
        assert posting.post(there.url.replace("http:", "https:"), {}, b"{}").reason == "NotPublic"
    assert there.received == []


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time is asked only once."""
    asked: list[str] = []
    look_up = addresses.look_up

    def once(host: str, port: int) -> list[str]:
        asked.append(host)
        return look_up("127.0.0.1", port)

    monkeypatch.setattr(addresses, "look_up", once)
    with Receiver() as there:
        port = there.url.rpartition(":")[2].partition("/")[0]
        assert posting.post(f"http://turns.localhost:{port}/", {}, b"{}").taken
    assert asked == ["turns.localhost"]
    assert there.received[0].headers["host"] == f"turns.localhost:{port}"


def test_a_certificate_nobody_signed_is_not_trusted(self_signed: Any) -> None:
    answer = posting.post(self_signed, {}, b"{}")
    assert (answer.taken, answer.reason) == (False, "NotTrusted")
