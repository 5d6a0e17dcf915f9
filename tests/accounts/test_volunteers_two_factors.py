"""Where a municipality asks for it, a volunteer too gives two things before anything opens, and has it for 90 days."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts import confirming
from accounts.models import User
from places.models import Municipality, MunicipalityRules
from tests import factories as make
from tests.accounts.entering import app_code, by_code, in_earnest, is_in, shown, with_app, with_paper

pytestmark = pytest.mark.django_db
PAGES = ("requests:my_today", "requests:my_offers", "requests:my_week", "volunteers:me")


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_earnest(settings, monkeypatch, "STAFF_SECOND_FACTOR", "ASK_AGAIN")


def asks_for_two(municipality: Municipality, *, yes: bool = True) -> None:
    MunicipalityRules.objects.update_or_create(municipality=municipality, defaults={"volunteers_two_factors": yes})


@pytest.fixture
def ivanka() -> User:
    volunteer = make.volunteer()
    assert volunteer.user is not None
    asks_for_two(volunteer.municipality)
    return volunteer.user


def opens(client: Client) -> list[str]:
    return [name for name in PAGES if client.get(reverse(name)).status_code == 200]


def test_the_code_alone_opens_nothing_but_the_page_that_sets_up_the_second(ivanka: User) -> None:
    client = by_code(ivanka.email)
    assert opens(client) == []
    answer = client.get(reverse("requests:my_today"))
    assert answer.headers["Location"] == reverse("accounts:factors")
    page = client.get(reverse("accounts:factors")).content.decode()
    assert "Изберете втора стъпка" in page and "само код" in page
    assert client.get("/api/v1/visits/").status_code == 403


def test_with_the_second_all_of_it_opens_and_stays_open(ivanka: User) -> None:
    with_app(ivanka)
    client = by_code(ivanka.email)
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert opens(client) == [*PAGES]
    # The telephone stays signed in for as long as anybody's.
    assert client.session.get_expiry_age() > 89 * 86400


def test_a_sheet_of_codes_is_enough_for_a_volunteer_without_a_smartphone(ivanka: User) -> None:
    codes = with_paper(ivanka)
    client = by_code(ivanka.email)
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert opens(client) == [*PAGES]


def test_the_last_one_is_not_removed(ivanka: User) -> None:
    with_app(ivanka)
    client = Client()
    client.force_login(ivanka)
    shown(client, ivanka, method=confirming.FACTOR)
    client.post(reverse("accounts:factor-remove"), {"factor": Authenticator.objects.get(user=ivanka).pk})
    assert Authenticator.objects.filter(user=ivanka).exists()


def test_where_nobody_asks_for_it_the_code_opens_everything(ivanka: User) -> None:
    """The control."""
    asks_for_two(make.municipality(), yes=False)
    assert opens(by_code(ivanka.email)) == [*PAGES]


def test_another_municipality_s_rule_asks_nobody_here() -> None:
    volunteer = make.volunteer()
    asks_for_two(make.municipality("PER32", "Перник"))
    assert volunteer.user is not None
    assert opens(by_code(volunteer.user.email)) == [*PAGES]


def test_it_counts_from_the_next_sign_in() -> None:
    volunteer = make.volunteer()
    assert volunteer.user is not None
    before = by_code(volunteer.user.email)
    asks_for_two(volunteer.municipality)
    assert opens(before) == [*PAGES]
    assert opens(by_code(volunteer.user.email)) == []
