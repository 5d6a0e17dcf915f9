"""The push service can tell that it is us, for a day at most, and nobody can use the token elsewhere."""

from __future__ import annotations

import io
import json
import multiprocessing
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from notifications.push import vapid
from tests.notifications.push.browser import decoded

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc:def"


def parts(header: str) -> tuple[str, str]:
    scheme, _, rest = header.partition(" ")
    named = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    return named["t"], named["k"]


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(decoded(token.split(".")[1]))
    return found


def verify(token: str, public: str) -> None:
    """As a push service does: the signature over the first two parts. Raises InvalidSignature."""
    said, _, signature = token.rpartition(".")
    raw = decoded(signature)
    assert len(raw) == 64
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(public))
    key.verify(der, said.encode(), ec.ECDSA(SHA256()))


def test_the_token_is_signed_by_our_key_and_says_for_whom_and_until_when() -> None:
    private = vapid.new_key()
    token, public = parts(vapid.authorization(ENDPOINT, private))
    verify(token, public)
    assert public == vapid.public_of(private)
    assert json.loads(decoded(token.split(".")[0])) == {"typ": "JWT", "alg": "ES256"}
    said = claims(token)
    assert (said["aud"], said["sub"]) == ("https://fcm.googleapis.com", "mailto:biuro@radomir.example")
    assert 0 < said["exp"] - time.time() <= 24 * 3600


def test_a_changed_token_is_noticed() -> None:
    token, public = parts(vapid.authorization(ENDPOINT, vapid.new_key()))
    head, body, signature = token.split(".")
    with pytest.raises(InvalidSignature):
        verify(f"{head}.{body[:-2]}AA.{signature}", public)


def test_the_audience_keeps_an_unusual_port() -> None:
    token, _public = parts(vapid.authorization("http://127.0.0.1:9999/x", vapid.new_key()))
    assert claims(token)["aud"] == "http://127.0.0.1:9999"


def test_the_command_prints_a_pair_that_fits() -> None:
    out = io.StringIO()
    call_command("vapid_keys", stdout=out)
    private, public = (
        line.partition(sign)[2] for line, sign in zip(out.getvalue().splitlines(), ("=", ": "), strict=True)
    )
    assert vapid.public_of(private) == public
    assert len(decoded(public)) == 65


@pytest.mark.parametrize("text", ["short", "ключ", "A" * 43])
def test_a_key_that_is_none_says_what_to_do(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="vapid_keys"):
        vapid.public_of(text)


def test_an_installation_without_a_key_has_none(settings: Any, tmp_path: Path) -> None:
    settings.PUSH_VAPID_PRIVATE_KEY, settings.DEMO = "", False
    assert vapid.own_key() == ""
    assert not list(tmp_path.iterdir())


def test_a_demonstration_makes_one_and_keeps_it(settings: Any, tmp_path: Path) -> None:
    settings.PUSH_VAPID_PRIVATE_KEY, settings.DEMO, settings.VAR_DIR = "", True, tmp_path / "var"
    first = vapid.own_key()
    assert vapid.own_key() == first != ""
    assert vapid.public_of(first)
    file = tmp_path / "var" / "vapid.key"
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.iterdir()) == [file]


def _keep(folder: Path, ready: Any) -> None:
    ready.wait()
    try:
        vapid._keep(folder / "vapid.key", vapid.new_key())
    except FileExistsError:
        return


def test_processes_that_start_together_have_one_key(settings: Any, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(4)
    started = [context.Process(target=_keep, args=(tmp_path, ready)) for _ in range(4)]
    for one in started:
        one.start()
    for one in started:
        one.join(20)
    assert [one.exitcode for one in started] == [0] * 4
    assert [file.name for file in tmp_path.iterdir()] == ["vapid.key"]
    assert vapid.public_of((tmp_path / "vapid.key").read_text().strip())
