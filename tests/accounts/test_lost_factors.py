"""A lost factor, and how factors rest in the database."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import factors, printed
from core import crypto, rotation
from core.errors import Invalid, NotAllowed
from tests import factories as make
from tests.accounts.entering import (
    SECRET,
    SEED,
    app_code,
    in_earnest,
    shown,
    with_app,
    with_old_paper,
    with_password,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_earnest(settings, monkeypatch, "STAFF_SECOND_FACTOR", "ASK_AGAIN")


@pytest.fixture
def clerk() -> User:
    return with_password(make.user(Role.CLERK))


def member(role: str, **more: Any) -> Membership:
    return make.member(role, **more)


@pytest.fixture
def lost() -> Iterator[Membership]:
    found = member(Role.CLERK)
    with_app(found.user)
    yield found


def test_a_colleague_takes_a_lost_factor_away_and_every_session_ends(
    lost: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    there = Client()
    there.force_login(lost.user)
    assert there.get(reverse("accounts:devices")).status_code in (200, 302)
    kamen = member(Role.COORDINATOR)
    client = Client()
    client.force_login(kamen.user)
    shown(client, kamen.user, method="mfa")
    assert "Изгуби втората си стъпка" in client.get(reverse("accounts:member", args=[lost.pk])).content.decode()
    client.post(reverse("accounts:reset-factor", args=[lost.pk]))
    assert not Authenticator.objects.filter(user=lost.user).exists()
    assert there.get(reverse("accounts:me")).headers["Location"].startswith(reverse("account_login"))
    (line,) = [one.getMessage() for one in caplog.records if "Second factor" in one.getMessage()]
    assert str(lost.user_id) in line and str(kamen.user_id) in line and "@" not in line


def test_nobody_takes_away_their_own_or_that_of_somebody_above(lost: Membership) -> None:
    kamen, ana = member(Role.COORDINATOR), member(Role.ADMINISTRATOR)
    for found, actor in ((kamen, kamen), (ana, kamen), (lost, lost)):
        with pytest.raises(NotAllowed):
            factors.reset_colleague(membership=found, actor=actor.user, now=timezone.now())
    # An administrator in another town: more than a coordinator here could give.
    Membership.objects.create(
        user=lost.user, municipality=make.municipality("PER32", "Перник"), role=Role.ADMINISTRATOR
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        factors.reset_colleague(membership=lost, actor=kamen.user, now=timezone.now())
    assert factors.reset_colleague(membership=lost, actor=ana.user, now=timezone.now()) == 1


def test_the_last_administrator_is_let_in_again_from_the_command_line() -> None:
    ana = with_app(make.user(Role.ADMINISTRATOR))
    out = StringIO()
    call_command("reset_second_factor", ana.email.upper(), stdout=out)
    assert out.getvalue().startswith("1 taken away")
    ana.refresh_from_db()
    assert ana.session_epoch == 1 and not Authenticator.objects.exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nikoy@primer.bg")


def test_secrets_are_sealed_and_sealed_anew_with_a_new_key(clerk: User, settings: Any) -> None:
    with_app(clerk)
    codes = with_old_paper(clerk)
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in rows and SEED not in rows and codes[0] not in rows
    old = settings.FIELD_KEYS[0]
    settings.FIELD_KEYS = ["neu:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=", old]
    used = rotation.in_use()[old.partition(":")[0]]
    assert used >= 2
    assert [step.done for step in rotation.rotate_elsewhere()] == [2]
    assert rotation.in_use()["neu"] >= 2 and rotation.in_use()[old.partition(":")[0]] == used - 2
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert factors.use_code(user=clerk, code=app_code(), now=timezone.now())
    assert factors.use_code(user=clerk, code=codes[1], now=timezone.now())
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(Authenticator.objects.first().data["secret"], bound_to="elsewhere")


NASTY = [
    "1", "[]", "{}", "null", '"текст"', '{"id": 1}', '{"id": "a", "rawId": "a", "response": 5, "type": "public-key"}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30"}}', "{", "",
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "YQ",'
    ' "authenticatorData": "YQ", "signature": "YQ"}}',
]  # fmt: skip


@pytest.mark.parametrize("said", NASTY)
def test_a_key_that_says_nonsense_is_refused_kindly(clerk: User, said: str) -> None:
    with_app(clerk)
    client = Client()
    client.force_login(clerk)
    shown(client, clerk, method="mfa")
    assert client.post(reverse("accounts:factor-key"), {"credential": said}).status_code == 200
    for wanted in ("²", "9" * 30, "-1", said):
        assert client.post(reverse("accounts:factor-remove"), {"factor": wanted}).status_code == 302
    assert Authenticator.objects.filter(user=clerk).count() == 1


def test_a_wrong_code_of_a_new_app_or_sheet_is_told(clerk: User) -> None:
    with pytest.raises(Invalid):
        factors.set_app(user=clerk, secret=SECRET, code="", now=timezone.now())
    with pytest.raises(Invalid):
        factors.set_printed(user=clerk, hashes=printed.hashed(printed.make()), code="", now=timezone.now())
