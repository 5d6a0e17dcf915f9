"""The second factor: set up, asked for, used once, taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services import factors
from tests import factories as make
from tests.accounts.entering import (
    app_code,
    by_code,
    by_password,
    in_earnest,
    is_in,
    shown,
    with_app,
    with_paper,
    with_password,
)

pytestmark = pytest.mark.django_db
FACTOR = "mfa_authenticate"


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_earnest(settings, monkeypatch, "STAFF_SECOND_FACTOR", "ASK_AGAIN")


@pytest.fixture
def clerk() -> User:
    return with_password(make.user(Role.CLERK))


def page(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


def opens_work(client: Client) -> bool:
    return client.get(reverse("requests:desk")).status_code == 200


def test_staff_without_a_factor_are_led_to_set_one_up(clerk: User) -> None:
    client = by_password(clerk)
    assert client.get(reverse("accounts:start")).headers["Location"] == reverse("accounts:factors")
    assert "Изберете втора стъпка" in page(client, "accounts:factors")
    assert not opens_work(client)


def test_an_app_is_set_up_from_a_drawing_or_from_letters(clerk: User) -> None:
    client = by_password(clerk)
    text = page(client, "accounts:factor-app")
    drawing = client.get(reverse("accounts:factor-app-drawing"))
    assert drawing.headers["Content-Type"] == "image/svg+xml" and b"<svg" in drawing.content
    assert "no-store" in drawing.headers["Cache-Control"] and "style=" not in drawing.content.decode()
    secret = text.partition('lang="en">')[2].partition("<")[0].replace(" ", "")
    if len(secret) != 32:
        secret = text.rpartition('<strong class="n" lang="en">')[2].partition("<")[0].replace(" ", "")
    assert secret not in str(dict(client.session))
    wrong = client.post(reverse("accounts:factor-app"), {"code": "000000"})
    assert "Кодът е друг" in wrong.content.decode() and not opens_work(client)
    client.post(reverse("accounts:factor-app"), {"code": app_code(secret)})
    assert opens_work(client)
    row = Authenticator.objects.get(user=clerk)
    assert secret not in str(row.data)
    assert "factor_app" not in client.session


def test_a_new_telephone_takes_the_place_of_the_old_one(clerk: User) -> None:
    with_app(clerk)
    other = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
    factors.set_app(user=clerk, secret=other, code=app_code(other), now=timezone.now())
    assert Authenticator.objects.filter(user=clerk).count() == 1
    assert factors.use_code(user=clerk, code=app_code(), now=timezone.now()) is None


def test_codes_on_paper_are_enough_for_somebody_without_a_smartphone(clerk: User) -> None:
    client = by_password(clerk)
    sheet = client.post(reverse("accounts:factor-paper")).content.decode()
    codes = [line.partition("</li>")[0] for line in sheet.split("<li>")[1:]]
    assert len(codes) == 30 and len(set(codes)) == 30
    assert not opens_work(client) and not Authenticator.objects.exists()
    assert "Такъв код няма" in client.post(reverse("accounts:factor-paper"), {"code": "00000000"}).content.decode()
    client.post(reverse("accounts:factor-paper"), {"code": codes[4]})
    assert opens_work(client)
    again = by_password(clerk)
    assert not is_in(again)
    assert "Код от приложението или от листа" in page(again, FACTOR)
    again.post(reverse(FACTOR), {"code": codes[7]})
    assert opens_work(again)
    assert "28" in page(again, "accounts:factors")


def test_a_sheet_that_nobody_copied_a_code_from_changes_nothing(clerk: User) -> None:
    old = with_paper(clerk)
    client = shown(by_password(clerk), clerk)
    client.force_login(clerk)
    shown(client, clerk, method="mfa")
    client.post(reverse("accounts:factor-paper"))
    assert factors.use_code(user=clerk, code=old[0], now=timezone.now()) is not None


def test_an_older_code_is_none_after_a_newer_one(clerk: User) -> None:
    with_app(clerk)
    now = timezone.now()
    assert factors.use_code(user=clerk, code=app_code(now=now), now=now)
    assert factors.use_code(user=clerk, code=app_code(steps=-1, now=now), now=now) is None
    assert factors.use_code(user=clerk, code=f"{app_code(now=now)[:3]} {app_code(now=now)[3:]}", now=now) is None
    later = now + timedelta(seconds=30)
    assert factors.use_code(user=clerk, code=app_code(now=later), now=later)


def test_five_wrong_codes_and_then_a_pause(clerk: User) -> None:
    with_app(clerk)
    client = by_password(clerk)
    for _try in range(5):
        assert "Кодът е друг" in client.post(reverse(FACTOR), {"code": "000000"}).content.decode()
    told = client.post(reverse(FACTOR), {"code": app_code()}).content.decode()
    assert "Опитите станаха много" in told and not is_in(client)
    # Beginning anew does not help.
    again = by_password(clerk)
    again.post(reverse(FACTOR), {"code": app_code()})
    assert not is_in(again)


def test_the_password_alone_adds_no_factor_to_an_account_that_has_one(clerk: User) -> None:
    """A session from before: it has shown the password only."""
    client = by_password(clerk)
    assert is_in(client)
    with_app(clerk)
    for name in ("accounts:factors", "accounts:factor-app", "accounts:factor-paper", "accounts:factor-key"):
        answer = client.get(reverse(name))
        assert answer.headers["Location"].startswith(reverse("accounts:confirm")), name
    text = page(client, "accounts:confirm")
    assert 'name="code"' in text and 'name="password"' not in text
    client.post(reverse("accounts:confirm"), {"password": "три зелени чушки"})
    assert not opens_work(client)
    client.post(reverse("accounts:confirm"), {"code": app_code()})
    assert opens_work(client)


def test_a_session_left_open_changes_no_factor(clerk: User) -> None:
    with_app(clerk)
    client = Client()
    client.force_login(clerk)
    for ago, asked in ((3600.0, True), (60.0, False)):
        shown(client, clerk, ago=ago, method="mfa")
        for name in ("accounts:factors", "accounts:factor-app", "accounts:factor-paper", "accounts:factor-key"):
            answer = client.get(reverse(name))
            assert (answer.headers.get("Location", "").startswith(reverse("accounts:confirm"))) == asked, name
        with_paper(clerk)
        app = Authenticator.objects.get(user=clerk, type="totp")
        client.post(reverse("accounts:factor-remove"), {"factor": app.pk})
        assert Authenticator.objects.filter(user=clerk, type="totp").exists() == asked
        Authenticator.objects.filter(user=clerk, type="recovery_codes").delete()


def test_staff_keep_one_factor_and_volunteers_may_go_without(clerk: User) -> None:
    with_app(clerk)
    row = Authenticator.objects.get(user=clerk)
    client = shown(by_password(clerk), clerk)
    client.force_login(clerk)
    shown(client, clerk, method="mfa")
    client.post(reverse("accounts:factor-remove"), {"factor": row.pk})
    assert Authenticator.objects.filter(user=clerk).exists()
    with_paper(clerk)
    client.post(reverse("accounts:factor-remove"), {"factor": row.pk})
    assert [one.type for one in Authenticator.objects.filter(user=clerk)] == ["recovery_codes"]
    ivanka = make.volunteer().user
    assert ivanka is not None
    with_app(ivanka)
    client = Client()
    client.force_login(ivanka)
    shown(client, ivanka, method="mfa")
    client.post(reverse("accounts:factor-remove"), {"factor": Authenticator.objects.get(user=ivanka).pk})
    assert not Authenticator.objects.filter(user=ivanka).exists()


def test_nobody_removes_the_factor_of_another(clerk: User) -> None:
    with_app(clerk)
    other = with_app(make.user(Role.CLERK))
    with_paper(other)
    client = Client()
    client.force_login(other)
    shown(client, other, method="mfa")
    client.post(reverse("accounts:factor-remove"), {"factor": Authenticator.objects.get(user=clerk).pk})
    assert Authenticator.objects.filter(user=clerk).count() == 1


def test_a_volunteer_need_not_have_one_and_is_asked_for_it_who_has() -> None:
    ivanka = make.volunteer()
    assert ivanka.user is not None
    client = by_code(ivanka.user.email)
    assert client.get(reverse("requests:my_today")).status_code == 200
    with_app(ivanka.user)
    other = by_code(ivanka.user.email)
    assert not is_in(other)
    other.post(reverse(FACTOR), {"code": app_code()})
    assert is_in(other)
