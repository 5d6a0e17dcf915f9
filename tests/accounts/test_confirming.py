"""Asked again before what is dangerous: by password, by code, and back to where one was."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Invitation, User
from accounts.roles import Role
from tests import factories as make
from tests.accounts.entering import PASSWORD, app_code, in_earnest, shown, with_app, with_password

pytestmark = pytest.mark.django_db
LONG_AGO = 601.0


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_earnest(settings, monkeypatch, "ASK_AGAIN")


@pytest.fixture
def ana() -> User:
    return with_password(make.user(Role.ADMINISTRATOR))


def session_of(user: User, ago: float, method: str = "password") -> Client:
    client = Client()
    client.force_login(user)
    return shown(client, user, ago=ago, method=method)


INVITE = {"name": "Нов Човек", "email": "nov@primer.bg", "role": "clerk"}


def test_within_ten_minutes_nobody_is_asked(ana: User) -> None:
    client = session_of(ana, ago=590)
    assert client.get(reverse("accounts:invite")).status_code == 200
    client.post(reverse("accounts:invite"), INVITE)
    assert Invitation.objects.count() == 1


def test_after_them_the_password_is_asked_and_one_is_back_at_the_form(ana: User) -> None:
    client = session_of(ana, ago=LONG_AGO)
    there = reverse("accounts:invite")
    asked = client.get(there).headers["Location"]
    assert asked == f"{reverse('accounts:confirm')}?next={there.replace('/', '%2F')}"
    page = client.get(asked).content.decode()
    assert 'name="password"' in page and f'name="next" value="{there}"' in page
    wrong = client.post(asked, {"password": "друго", "next": there})
    assert "Паролата е друга" in wrong.content.decode()
    assert client.post(asked, {"password": PASSWORD, "next": there}).headers["Location"] == there
    assert client.get(there).status_code == 200


def test_what_is_sent_is_not_done_on_an_old_session(ana: User) -> None:
    client = session_of(ana, ago=LONG_AGO)
    answer = client.post(reverse("accounts:invite"), INVITE)
    assert answer.headers["Location"].startswith(reverse("accounts:confirm"))
    assert not Invitation.objects.exists()


def test_a_button_of_a_list_leads_back_to_the_list(ana: User) -> None:
    client, lists = session_of(ana, ago=LONG_AGO), reverse("accounts:tokens")
    revoke = reverse("accounts:token-revoke", args=["aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"])
    for referer, then in (
        (f"http://testserver{lists}?a=1", f"{lists}?a=1"), ("https://example.org/zlo/", revoke), ("", revoke)
    ):  # fmt: skip
        asked = client.post(revoke, headers={"referer": referer}).headers["Location"]
        page = client.get(asked).content.decode()
        assert f'name="next" value="{then}"' in page
    assert not ApiToken.objects.exists()


def test_a_factor_confirms_as_well_and_a_password_does_not_stand_for_a_factor_never_shown(ana: User) -> None:
    with_app(ana)
    client = session_of(ana, ago=LONG_AGO, method="mfa")
    there = reverse("accounts:invite")
    client.post(reverse("accounts:confirm"), {"code": app_code(), "next": there})
    assert client.get(there).status_code == 200
    bare = session_of(ana, ago=LONG_AGO)
    assert 'name="password"' not in bare.get(reverse("accounts:confirm")).content.decode()


def test_five_wrong_passwords_and_then_a_pause(ana: User) -> None:
    client = session_of(ana, ago=LONG_AGO)
    for _try in range(5):
        client.post(reverse("accounts:confirm"), {"password": "друго"})
    told = client.post(reverse("accounts:confirm"), {"password": PASSWORD}).content.decode()
    assert "Опитите станаха много" in told
    assert client.get(reverse("accounts:invite")).status_code == 302


def test_nobody_is_sent_to_another_site(ana: User) -> None:
    client = session_of(ana, ago=LONG_AGO)
    answer = client.post(reverse("accounts:confirm") + "?next=https://example.org/", {"password": PASSWORD})
    assert answer.headers["Location"] == reverse("accounts:start")


def test_a_volunteer_without_a_password_signs_in_anew() -> None:
    ivanka = make.volunteer().user
    assert ivanka is not None
    client = session_of(ivanka, ago=LONG_AGO, method="code")
    asked = client.get(reverse("accounts:factor-app")).headers["Location"]
    page = client.get(asked).content.decode()
    assert "Влизам отново" in page
    out = client.post(reverse("account_logout"), {"next": reverse("account_request_login_code")})
    assert out.headers["Location"] == reverse("account_request_login_code")


def test_in_the_demonstration_nobody_is_asked(ana: User, settings: Any) -> None:
    settings.ASK_AGAIN = False
    assert session_of(ana, ago=LONG_AGO).get(reverse("accounts:invite")).status_code == 200
