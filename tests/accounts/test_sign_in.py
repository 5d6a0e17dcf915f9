from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import knocks
from accounts.web.entry import START
from places.models import Municipality
from tests.accounts.conftest import PASSWORD

SignIn = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def _no_old_attempts() -> None:
    cache.clear()


def _session_user(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_staff_sign_in_with_a_password(client: Client, alisa: Membership) -> None:
    answer = client.post(reverse("account_login"), {"login": "Alisa@primer.bg", "password": PASSWORD})
    assert answer.headers["Location"] == reverse("accounts:start")
    assert _session_user(client) == str(alisa.user_id)
    assert client.session.get_expire_at_browser_close()


def test_a_wrong_password_says_what_to_do_and_signs_nobody_in(client: Client, alisa: Membership) -> None:
    answer = client.post(reverse("account_login"), {"login": "alisa@primer.bg", "password": "друго"})
    page = answer.content.decode()
    assert "Имейлът или паролата не съвпадат" in page
    assert "<title>Грешка:" in page
    assert _session_user(client) is None


def test_guessing_a_password_ends_after_five_attempts(client: Client, alisa: Membership) -> None:
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "alisa@primer.bg", "password": "друго"})
    answer = client.post(reverse("account_login"), {"login": "alisa@primer.bg", "password": PASSWORD})
    assert "Опитите станаха много" in answer.content.decode()
    assert _session_user(client) is None


def test_a_forgotten_password_is_set_again_through_an_email(client: Client, alisa: Membership) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "alisa@primer.bg"}, follow=True)
    assert "Вижте пощата си" in answer.content.decode()
    assert mail.outbox == []  # the page sends nothing itself
    knocks.answer_all(now=timezone.now())
    link = re.search(rf"{settings.SITE_URL}(\S+)", mail.outbox[0].body)
    assert link
    form = client.get(link[1], follow=True)
    address = form.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "123456789012"})
    assert "твърде позната" in weak.content.decode()
    done = client.post(address, {"password1": "четири сини сливи"}, follow=True)
    assert "Паролата е нова" in done.content.decode()
    alisa.user.refresh_from_db()
    assert alisa.user.check_password("четири сини сливи")
    assert alisa.user.session_epoch == 1
    assert "не важи" in Client().get(link[1], follow=True).content.decode()


def test_somebody_whose_account_is_stopped_is_told_so(client: Client, alisa: Membership) -> None:
    User.objects.filter(pk=alisa.user_id).update(is_active=False)
    client.post(reverse("account_login"), {"login": "alisa@primer.bg", "password": PASSWORD})
    assert _session_user(client) is None
    assert "спрян" in client.get(reverse("account_inactive")).content.decode()


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_change_password"])
def test_no_page_of_allauth_stands_that_is_not_used(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("role", Role.values)
def test_everyone_begins_at_the_page_of_their_role(
    role: str, make_member: Callable[..., Membership], signed_in: SignIn
) -> None:
    client = signed_in(make_member("nyakoy", role))
    answer = client.get(reverse("accounts:start"))
    assert answer.headers["Location"] == reverse(START[Role(role)])


def test_somebody_with_two_roles_chooses_and_may_change_their_mind(
    make_member: Callable[..., Membership], signed_in: SignIn, pernik: Municipality
) -> None:
    first = make_member("dvama", Role.CLERK)
    second = make_member("dvama", Role.COORDINATOR, pernik)
    client = signed_in(first)
    assert client.get(reverse("accounts:start")).headers["Location"] == reverse("accounts:me")
    page = client.get(reverse("accounts:me")).content.decode()
    assert "Радомир" in page
    assert "Перник" in page
    client.post(reverse("accounts:switch"), {"membership": str(second.pk)})
    assert client.get(reverse("accounts:settings")).status_code == 200
    client.post(reverse("accounts:switch"), {"membership": str(first.pk)})
    assert client.get(reverse("accounts:settings")).status_code == 403


def test_nobody_switches_into_the_role_of_another(alisa: Membership, charli: Membership, signed_in: SignIn) -> None:
    client = signed_in(alisa)
    assert client.post(reverse("accounts:switch"), {"membership": str(charli.pk)}).status_code == 404
    assert client.get(reverse("accounts:settings")).status_code == 403


def test_somebody_without_a_role_is_told_whom_to_call(client: Client, radomir: Municipality) -> None:
    client.force_login(User.objects.create_user("sam@primer.bg", PASSWORD, name="Сам"))
    answer = client.get(reverse("accounts:start"))
    assert answer.status_code == 403
    assert "Още нямате роля" in answer.content.decode()
    assert client.get(reverse("accounts:me")).status_code == 200


def test_signing_out_takes_a_click_and_not_a_link(alisa: Membership, signed_in: SignIn) -> None:
    client = signed_in(alisa)
    assert "Излизате ли" in client.get(reverse("account_logout")).content.decode()
    assert _session_user(client)
    client.post(reverse("account_logout"))
    assert _session_user(client) is None
