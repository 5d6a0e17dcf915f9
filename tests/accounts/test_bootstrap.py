from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Invitation, Membership, User
from accounts.roles import Role
from places.models import Municipality, Settlement
from tests.accounts.conftest import PASSWORD

GIVEN = {"municipality": "per36", "email": "Ana@primer.bg", "name": "Ана Админ"}


def _bootstrap(**more: Any) -> str:
    out = io.StringIO()
    call_command("bootstrap", stdout=out, **{**GIVEN, **more})
    return out.getvalue()


@pytest.mark.django_db
def test_an_empty_installation_gets_its_places_and_a_link_for_the_administrator(client: Client) -> None:
    printed = _bootstrap()
    assert Municipality.objects.get(code="PER36").active
    assert Settlement.objects.filter(municipality="PER36").count() == 32
    link = re.search(r"http://\S+?(/dostap/\S+)", printed)
    assert link
    client.post(link[1], {"password1": PASSWORD})
    member = Membership.objects.get(user__email="ana@primer.bg")
    assert (member.role, member.municipality_id) == (Role.ADMINISTRATOR, "PER36")


@pytest.mark.django_db
def test_with_a_password_the_administrator_can_sign_in_and_a_second_run_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert "can sign in" in _bootstrap(password_stdin=True)
    before = User.objects.get().password
    monkeypatch.setattr("sys.stdin", io.StringIO("нещо съвсем друго\n"))
    assert "already" in _bootstrap(password_stdin=True)
    assert User.objects.get().password == before
    assert User.objects.get().check_password(PASSWORD)
    assert not Invitation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"municipality": "XYZ99"}, "load_places"),
        ({"email": "не е имейл"}, "e-mail|имейл|email"),
        ({"name": " "}, "name|името"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_made(given: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        _bootstrap(**given)
    assert not User.objects.exists()
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_a_weak_or_missing_password_makes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for typed in ("къса\n", ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(CommandError):
            _bootstrap(password_stdin=True)
    assert not User.objects.exists()
