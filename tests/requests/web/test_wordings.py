"""The pages of messages' words: seen before they are kept, put back with one button."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.roles import Role
from notifications.models import Message, MessageTemplate
from tests import factories as make
from tests.requests.web.test_detail import client_of

pytestmark = pytest.mark.django_db
LIST = "/saobshteniya/tekstove/"
PAGE = f"{LIST}request_received/bg/"
OWN = {"subject": "Записахме", "body": "Записахме {номер}, код {код}.", "short": "Ето: {number}, {code}."}


@pytest.fixture
def kamen() -> Client:
    return client_of(make.user(Role.COORDINATOR))


def test_the_list_shows_every_message_with_its_size_in_both_letters(kamen: Client) -> None:
    text = kamen.get(LIST).content.decode()
    assert "Всички текстове са стандартни" in text and "Покана до доброволец" in text
    assert "части: 2 / 1, бюджет 2" in text and "Нов доброволец" not in text
    assert "/saobshteniya/tekstove/volunteer_approved/en/" in text


@pytest.mark.parametrize("language", ["bg", "en"])
def test_each_opens_filled_with_examples(kamen: Client, language: str) -> None:
    text = kamen.get(f"{LIST}offer_made/{language}/").content.decode()
    assert ("с. Долни Раковец" if language == "bg" else "Dolni Rakovets") in text
    assert ("{къде}" if language == "bg" else "{where}") in text and "Това е стандартният текст." in text


def test_a_try_keeps_nothing_and_says_what_is_wrong(kamen: Client) -> None:
    text = kamen.post(PAGE, {**OWN, "short": "{number} {телефонче}", "do": "preview"}).content.decode()
    assert "Това не може да се попълни: {телефонче}" in text and "{number} {телефонче}" in text
    seen = kamen.post(PAGE, OWN).content.decode()
    assert "Ето: 1284, 4821 7730." in seen
    assert not MessageTemplate.objects.exists()


def test_saved_words_are_told_from_now_on(kamen: Client) -> None:
    assert kamen.post(PAGE, {**OWN, "do": "save"}).status_code == 302
    row = make.help_request()
    assert Message.objects.get(kind="request_received").short.startswith(f"Ето: {row.number}, ")
    assert "1 текст е ваш" in kamen.get(LIST).content.decode()


def test_words_without_the_code_are_not_saved(kamen: Client) -> None:
    answer = kamen.post(PAGE, {**OWN, "short": "Ето: {number}.", "do": "save"})
    assert "Липсва {код}" in answer.content.decode() and not MessageTemplate.objects.exists()


def test_the_standard_comes_back(kamen: Client) -> None:
    kamen.post(PAGE, {**OWN, "do": "save"})
    assert "Връщам стандартния текст" in kamen.get(PAGE).content.decode()
    kamen.post(PAGE, {"do": "restore"})
    assert not MessageTemplate.objects.exists()


def test_only_who_leads_may_and_only_what_there_is(kamen: Client) -> None:
    assert client_of(make.user(Role.CLERK)).get(LIST).status_code == 403
    assert kamen.get(f"{LIST}no_such/bg/").status_code == 404
    assert kamen.get(f"{LIST}offer_made/de/").status_code == 404


def test_another_municipality_keeps_its_own(kamen: Client) -> None:
    kamen.post(PAGE, {**OWN, "do": "save"})
    other = client_of(make.user(Role.COORDINATOR, of=make.municipality("PER01", "Перник")))
    assert "Всички текстове са стандартни" in other.get(LIST).content.decode()
