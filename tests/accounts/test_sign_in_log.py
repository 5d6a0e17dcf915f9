"""Who came in, by which ways, and who tried: a line each, in codes."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core import logs
from tests import factories as make
from tests.accounts.entering import (
    ASK,
    CONFIRM,
    PASSWORD,
    app_code,
    by_code,
    by_password,
    sent_code,
    shown,
    stand_still,
    with_app,
    with_password,
)

pytestmark = pytest.mark.django_db
WHERE = "192.0.2.77"


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_still(monkeypatch)
    settings.STAFF_SECOND_FACTOR = settings.ASK_AGAIN = settings.SMS_TO_FILES = True
    caplog.set_level(logging.INFO, logger="security")
    cache.clear()


@pytest.fixture
def ana() -> User:
    return with_app(with_password(make.user(Role.COORDINATOR)))


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    """Event, whose, by which way; without what is refused anyway."""
    rows = [row for row in caplog.records if row.name == "security" and row.event != "refused"]
    return [(row.event, row.user, row.way) for row in rows]


def test_a_password_and_a_code_of_the_app(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    client = by_password(ana)
    assert told(caplog) == []  # half a sign-in is none
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert told(caplog) == [("sign_in_failed", str(ana.pk), "mfa"), ("signed_in", str(ana.pk), "password+mfa")]


def test_a_volunteer_s_code(caplog: pytest.LogCaptureFixture) -> None:
    user = make.volunteer().user
    assert user is not None
    client = Client()
    client.post(reverse(ASK), {"typed": user.email})
    sent_code()
    client.post(reverse(CONFIRM), {"code": "12345"})
    by_code(user.email)
    (wrong, who, way), right = told(caplog)
    assert (wrong, way, right) == ("sign_in_failed", "code", ("signed_in", str(user.pk), "code"))
    assert who != str(user.pk)  # the page does not know whose it is


def test_guesses_at_one_account_are_seen_together_and_name_nobody(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    for email in (ana.email, ana.email.upper(), "nobody@example.org"):
        Client(REMOTE_ADDR=WHERE).post(reverse("account_login"), {"login": email, "password": f"{PASSWORD}x"})
    first, second, other = told(caplog)
    assert first == second != other and {first[0], other[0]} == {"sign_in_failed"} and first[2] == "password"
    for row in caplog.records:
        said = json.dumps(json.loads(logs.Json().format(row)), ensure_ascii=False)
        assert not any(secret in said for secret in (ana.email, "nobody@", PASSWORD, WHERE))


def test_what_was_given_again_before_something_dangerous(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    client.force_login(ana)
    shown(client, ana, ago=3600.0, method="mfa")
    client.post(reverse("accounts:confirm"), {"password": f"{PASSWORD}x"})
    client.post(reverse("accounts:confirm"), {"password": PASSWORD})
    client.post(reverse("accounts:confirm"), {"code": app_code()})
    assert told(caplog) == [
        ("sign_in_failed", str(ana.pk), "password"),
        ("confirmed", str(ana.pk), "password"),
        ("confirmed", str(ana.pk), "mfa"),
    ]
