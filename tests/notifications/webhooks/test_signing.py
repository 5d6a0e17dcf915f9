"""Signatures that anybody who knows Standard Webhooks can check."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from notifications.webhooks import signing

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NOW = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)


def test_a_known_signature() -> None:
    # Worked out apart, with `openssl dgst -sha256 -mac HMAC` over `msg_1.1791792000.{"a":1}`.
    signed = signing.sign(SECRET, webhook_id="msg_1", timestamp=1791792000, body=b'{"a":1}')
    assert signed == "v1,odoHaA7qvVugDEYEz/7rpWs7TaeozTujpT+tKs7bjf8="


def test_a_secret_is_long_and_never_the_same() -> None:
    made = {signing.new_secret() for _time in range(50)}
    assert len(made) == 50
    assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in made)


def test_both_secrets_sign_while_one_is_exchanged() -> None:
    other = signing.new_secret()
    headers = signing.headers("msg_1", b"{}", now=NOW, keys=[SECRET, other])
    stamp = int(headers["webhook-timestamp"])
    expected = [signing.sign(key, webhook_id="msg_1", timestamp=stamp, body=b"{}") for key in (SECRET, other)]
    assert headers["webhook-signature"].split() == expected
    assert stamp == NOW.timestamp()


def test_another_body_has_another_signature() -> None:
    signed = {signing.sign(SECRET, webhook_id="msg_1", timestamp=1, body=body) for body in (b"{}", b"{ }")}
    assert len(signed) == 2
