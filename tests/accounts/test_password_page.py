"""One's own password, changed from inside with the one before; signed out everywhere else."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Device, User
from tests import factories as make
from tests.accounts.entering import PASSWORD, by_password, is_in, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
NEW = "четири сини патладжана"
PAGE = "accounts:password"


@pytest.fixture
def ana() -> User:
    return with_password(make.user("administrator"))


def change(client: Client, old: str, new: str = NEW) -> Any:
    return client.post(reverse(PAGE), {"password": old, "password1": new})


def test_the_old_one_opens_the_door_to_the_new(ana: User) -> None:
    here = by_password(ana)
    assert change(here, PASSWORD).headers["Location"] == reverse("accounts:me")
    ana.refresh_from_db()
    assert ana.check_password(NEW)
    assert is_in(here)
    assert is_in(by_password(ana, password=NEW))
    assert not is_in(by_password(ana))


def test_every_other_session_ends_and_this_one_is_the_only_device(ana: User) -> None:
    here, there = by_password(ana), by_password(ana)
    before = here.session.session_key
    change(here, PASSWORD)
    assert is_in(here) and not is_in(there)
    assert here.session.session_key != before
    assert [row.session_key for row in Device.objects.of(ana)] == [here.session.session_key]


def test_a_session_somebody_left_open_changes_nothing(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    here = by_password(ana)
    with caplog.at_level(logging.WARNING, "security"):
        answer = change(here, "друга парола е това")
    assert "Паролата е друга" in answer.content.decode()
    told = [row for row in caplog.records if row.levelno == logging.WARNING]
    assert [row.user for row in told] == [str(ana.pk)]  # type: ignore[attr-defined]
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_it_is_tried_five_times_and_then_not_even_the_right_one_helps(ana: User) -> None:
    here = by_password(ana)
    for number in range(5):
        change(here, f"опит номер {number}")
    assert "Опитите станаха много" in change(here, PASSWORD).content.decode()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "why"), [("къса", "Нужни са поне 12"), ("1qaz2wsx3edc", "твърде позната"), ("", "Изберете парола")]
)
def test_a_new_one_that_will_not_do_is_refused_in_words(ana: User, new: str, why: str) -> None:
    assert why in change(by_password(ana), PASSWORD, new).content.decode()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_whoever_has_no_password_is_led_to_their_own_page() -> None:
    client = Client()
    client.force_login(make.user("volunteer"))
    assert client.get(reverse(PAGE)).headers["Location"] == reverse("accounts:me")


def test_it_is_reached_from_ones_own_page_and_knows_who_forgot(ana: User) -> None:
    here = by_password(ana)
    assert reverse(PAGE) in here.get(reverse("accounts:me")).content.decode()
    assert reverse("account_reset_password") in here.get(reverse(PAGE)).content.decode()
