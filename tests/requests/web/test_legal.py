"""What everybody may read of their rights: the notice with the terms in force, the statement with whom to tell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from places.models import Municipality
from requests.models import KeepingTerms
from requests.web import legal
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
PRIVACY, STATEMENT = "/lichni-danni/", "/dostapnost/"


@pytest.fixture
def radomir() -> Municipality:
    town = make.municipality()
    Municipality.objects.filter(pk=town.pk).update(email="byuro@radomir.example", address_bg="пл. „Пример“ № 1")
    return town


def text(path: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_the_notice_names_the_terms_the_municipality_keeps_to(radomir: Municipality) -> None:
    assert "Данните Ви: 12 месеца след последната помощ." in text(PRIVACY)
    KeepingTerms.objects.create(
        municipality=radomir, contact_months=1, reminded_months=18, text_days=30, opening_months=6, evidence_years=3,
        volunteer_months=9,
    )  # fmt: skip
    said = text(PRIVACY)
    for words in (
        "Данните Ви: 1 месец след", "догодина: 18 месеца", "съобщенията: 30 дни", "картона Ви: 6 месеца",
        "запечатани още 3 години", "ги пазим още 9 месеца",
    ):  # fmt: skip
        assert words in said
    assert "Your details: 1 month after" in text("/en" + PRIVACY)


def test_who_answers_for_the_data_is_named_or_is_said_to_be_missing(radomir: Municipality) -> None:
    said = text(PRIVACY)
    assert "Общината още не го е посочила тук." in said and "пл. „Пример“ № 1" in said
    Municipality.objects.filter(pk=radomir.pk).update(
        officer_email="danni@radomir.example", officer_phone="+35977754321"
    )
    said = text(PRIVACY)
    assert "mailto:danni@radomir.example" in said and "tel:+35977754321" in said
    assert "не го е посочила" not in said


def test_the_desk_names_the_officer_on_its_own_page(radomir: Municipality, client: Client) -> None:
    client.force_login(make.member(Role.COORDINATOR).user)
    said = {"phone": "0777 12345", "office_hours_bg": "делник", "officer_phone": "0777 54 321", "address_bg": "пл. 1"}
    assert client.post(reverse("accounts:desk"), said).status_code == 302
    radomir.refresh_from_db()
    assert (radomir.officer_phone, radomir.address_bg) == ("+35977754321", "пл. 1")


def test_the_statement_says_how_far_we_are_what_is_missing_and_whom_to_tell(radomir: Municipality) -> None:
    said = text(STATEMENT)
    for words in (
        "чл. 58в", "чл. 39 и 39а", "2016/2102", "EN 301 549 V3.2.1", "отговарят частично", "tel:+35977712345",
        "mailto:byuro@radomir.example", "Министерството на електронното управление", "за сайта testserver",
    ):  # fmt: skip
        assert words in said, words
    assert "Accessibility statement" in text("/en" + STATEMENT)


@pytest.mark.parametrize("path", [PRIVACY, STATEMENT])
def test_where_several_municipalities_work_one_is_chosen_first(radomir: Municipality, path: str) -> None:
    make.municipality("PER32", "Перник")
    said = text(path)
    assert reverse("requests:choose_town") in said and "Радомир" not in said
    member = Client()
    member.force_login(make.member(Role.CLERK, of=Municipality.objects.get(pk="PER32")).user)
    assert "Община Перник" in text(path, member)


def test_the_statement_is_gone_through_every_year() -> None:
    """Thirty days before the year is over somebody must read it again and move CHECKED."""
    assert legal.MADE <= legal.CHECKED
    assert date.today() < legal.CHECKED + legal.VALID - timedelta(days=30)


def test_both_stand_at_the_foot_of_every_page_and_not_on_paper(radomir: Municipality) -> None:
    """At a desk, whose pages are full, they stand under „Аз“, one step from each."""
    row = make.help_request(make.resident())
    desk, helper = Client(), Client()
    desk.force_login(make.member(Role.COORDINATOR).user)
    helper.force_login(make.volunteer().user)
    pages = [
        (Client(), "/"),
        (Client(), "/vhod/"),
        (Client(), "/nyama/"),
        (desk, "/az/"),
        (helper, "/dnes/"),
    ]
    for client, path in pages:
        page = client.get(path).content.decode()
        assert f'href="{PRIVACY}"' in page and f'href="{STATEMENT}"' in page, path
    assert 'href="/az/"' in desk.get(f"/zayavki/{row.pk}/").content.decode()
    assert PRIVACY not in desk.get(f"/zayavki/{row.pk}/edro/").content.decode()
