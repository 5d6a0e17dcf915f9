"""What nobody may guess has 128 random bits of the system or more; what is a code to read out is guarded as a code.

docs/security.md, "Random values": which is which, and why a tracking code is the second.
"""

from __future__ import annotations

import ast
import base64
import os
import random
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import models as accounts
from accounts.policy import is_public
from core import crypto, flood
from notifications.channels.kannel import report_token
from notifications.channels.push import confirm_token
from notifications.push import vapid
from notifications.webhooks import signing
from requests.services import intake
from requests.web.answers import Answers
from tests.proofs.trust.test_code_rules import ROOT, sources, spoken

pytestmark = pytest.mark.django_db
BYTES = 16  # 128 bits


def conversation() -> str:
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), accounts.User()  # type: ignore[assignment]
    answers = Answers(request)
    answers.begin()
    return answers.token


def task_of_a_flood() -> str:
    request = RequestFactory().post("/", REMOTE_ADDR=f"192.0.2.{secrets.randbelow(250)}")
    while (work := flood.asked(request)) is None:
        pass
    return work.task


# Each value of ours that nobody may guess, made as it is made there.
SECRETS: dict[str, Callable[[], str]] = {
    "an invitation, a token, a calendar": accounts.new_secret,
    "the secret of a subscription": signing.new_secret,
    "a conversation of the public form": conversation,
    "a task against floods": task_of_a_flood,
    "a session": lambda: str(SessionStore()._get_new_session_key()),  # type: ignore[attr-defined]
    "a form's token": _get_new_csrf_string,
    "an app's second factor": generate_totp_secret,
    "what printed codes are made from": RecoveryCodes.generate_seed,
}


class Drawn:
    """How many bytes were taken from the system's own source."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes = 0
        plain = os.urandom

        def urandom(size: int) -> bytes:
            self.bytes += size
            return plain(size)

        monkeypatch.setattr(os, "urandom", urandom)
        # Where the standard library's SystemRandom, hence `secrets`, takes them from.
        monkeypatch.setattr(random, "_urandom", urandom)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    return Drawn(monkeypatch)


@pytest.mark.parametrize("name", SECRETS)
def test_each_takes_128_bits_from_the_system_and_keeps_them(name: str, drawn: Drawn, settings: Any) -> None:
    settings.CALM_FORMS = settings.CALM_FORMS_HERE = 1
    make = SECRETS[name]
    make()  # what is made ready once, is
    drawn.bytes = 0
    found = make()
    assert drawn.bytes >= BYTES, f"{drawn.bytes} bytes"
    # Nor is it cut short afterwards: 128 bits do not fit into fewer signs of the alphabet it is written in.
    assert len(found) * 6 >= 8 * BYTES or len(found) * 4 >= 8 * BYTES
    assert len({make() for _once in range(200)}) == 200


@pytest.mark.parametrize("name", SECRETS)
def test_none_of_them_follows_from_a_seed(name: str, settings: Any) -> None:
    settings.CALM_FORMS = settings.CALM_FORMS_HERE = 1
    random.seed(1)
    first = SECRETS[name]()
    random.seed(1)
    assert SECRETS[name]() != first


def test_the_control_a_short_or_a_foreseeable_one_would_be_found(drawn: Drawn) -> None:
    secrets.token_urlsafe(12)
    assert drawn.bytes == 12
    drawn.bytes = 0
    random.Random(1).getrandbits(128)
    assert drawn.bytes == 0


def test_keys_are_whole_bytes_of_the_system() -> None:
    assert len(base64.b64decode(signing.new_secret().removeprefix(signing.PREFIX))) == 32
    keys = {vapid.new_key() for _once in range(20)}
    assert len(keys) == 20 and all(len(base64.urlsafe_b64decode(key + "==")) == 32 for key in keys)


def test_what_proves_a_report_is_made_with_a_key_and_keeps_128_bits(settings: Any) -> None:
    """The message's own key is a UUID, 122 bits and no secret: the token beside it is."""
    message = uuid4()
    told = {confirm_token(message), report_token(message)}
    assert len(told) == 2 and all(len(bytes.fromhex(one)) >= BYTES for one in told)
    assert len(crypto.keyed_digest("x")) >= BYTES
    settings.LOOKUP_KEY = "another" * 10
    assert not told & {confirm_token(message), report_token(message)}


# Where chance is taken: secrets, which stand above, and codes that a person reads, hears or types.
TAKEN = {
    "accounts/models.py": "secret", "core/crypto.py": "nonce of a seal", "core/flood.py": "secret",
    "notifications/push/encryption.py": "salt of a sealed push", "notifications/webhooks/signing.py": "secret",
    "requests/services/erasure.py": "hash of no code", "requests/web/answers.py": "secret",
    "accounts/services/knocks.py": "code", "accounts/services/printed.py": "code",
    "notifications/services/reply_codes.py": "code",
    "requests/services/intake.py": "code", "requests/selectors/desk.py": "words offered to whoever finds none",
}  # fmt: skip
SOURCES = ("secrets.", "os.urandom", "get_random_string", "SystemRandom", "uuid1", "uuid.uuid1")


def takes_chance(tree: ast.AST) -> bool:
    calls = [spoken(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(call.startswith(SOURCES) for call in calls if call not in ("secrets.compare_digest",))


def test_chance_is_taken_nowhere_else() -> None:
    """A new one stands above, with its test. Chance that can be foretold is refused by test_code_rules.py."""
    assert {name for name, tree in sources() if takes_chance(tree)} - {"config/secrets.py"} == set(TAKEN)


# Names, never secrets: of rows, of one holder of a claim, of one event, of one call in the logs.
NAMES = {
    "accounts/models.py", "core/files_broker.py", "core/models.py", "core/request_ids.py", "planning/models.py",
    "notifications/services/claims.py", "notifications/services/webhook_sending.py",
    "notifications/services/webhooks.py",
}  # fmt: skip


def test_a_uuid_names_something_and_is_no_secret() -> None:
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name, _tree in sources()}
    # What is in a comment is no code: the few that speak of it at all are looked at closer.
    found = {name for name, tree in sources() if "uuid4" in texts[name] and "uuid4" in ast.unparse(tree)}
    found = {name for name in found if not name.startswith("config/demo/")}
    assert found == NAMES


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, path)
        else:
            yield path, one


def test_no_address_opens_for_whoever_knows_a_uuid() -> None:
    """Without signing in three addresses name a row by its UUID; none of them does anything without its keyed token."""
    open_ = [one for path, one in addresses(get_resolver()) if "<uuid:" in path and is_public(one.callback)]
    assert {one.name for one in open_} == {"push-shown", "kannel-report", "gateway-report"}
    for one in open_:
        for token in ("", "0" * 32, confirm_token(uuid4())):
            address, client = f"{reverse(one.name or '', args=[uuid4()])}?t={token}&s=1", Client()
            answers = {client.get(address).status_code, client.post(address, {"token": token}).status_code}
            # Refused; one of the two ways is not for this address at all.
            assert answers <= {403, 404, 405} and answers != {405}, f"{one.name}: {answers}"


def test_a_tracking_code_is_figures_of_the_system_s_chance_each_as_likely(drawn: Drawn) -> None:
    """26 bits, more than ASVS 6.5.4 asks of a code; that it is guarded as one is shown in test_attacks.py."""
    found = [intake._new_code() for _once in range(500)]
    assert all(len(one) == intake.TRACKING_DIGITS == 8 and one.isdecimal() for one in found)
    assert drawn.bytes >= 500 * 8 // 2 and len(set(found)) == 500
    counted = [sum(one.count(str(figure)) for one in found) for figure in range(10)]
    # 4,000 figures, 400 of each: further from it than seven deviations is no chance.
    assert all(abs(count - 400) < 7 * 19 for count in counted), counted
