"""The clerk asks for consent from the request's page, writes down what was said, and sees it there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from notifications.models import Message
from requests.models import Consent, HelpRequest
from tests import factories as make
from tests.requests.web.test_detail import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


@pytest.fixture
def maria() -> HelpRequest:
    return make.help_request(now=timezone.now())


@pytest.fixture
def clerk() -> Client:
    return client_of(make.user(Role.CLERK, name="Цвета Гишева"))


def do(client: Client, row: HelpRequest, **said: str) -> str:
    return client.post(f"/zayavki/{row.pk}/saglasie/", said, follow=True).content.decode()


def test_asked_by_sms_it_waits_and_the_request_says_so(clerk: Client, maria: HelpRequest) -> None:
    assert "Още не сме питали за съгласие" in clerk.get(f"/zayavki/{maria.pk}/saglasie/").content.decode()
    text = do(clerk, maria, do="ask")
    assert "Чакаме отговор от човека" in text and "Питам със SMS" not in text
    assert Message.objects.get(kind="consent_sum").channel == "sms"
    detail = clerk.get(f"/zayavki/{maria.pk}/").content.decode()
    assert "чакаме отговор" in detail and "Питаме за съгласие" in detail


@pytest.mark.parametrize(("answer", "heading"), [("yes", "Човекът е съгласен"), ("no", "Човекът не е съгласен")])
def test_said_by_telephone_it_is_written_down_with_who(
    clerk: Client, maria: HelpRequest, answer: str, heading: str
) -> None:
    text = do(clerk, maria, answer=answer)
    assert heading in text and "по телефона" in text and "Цвета Гишева" in text


def test_what_was_not_said_is_not_written_down(clerk: Client, maria: HelpRequest) -> None:
    assert "Изберете какво каза човекът." in do(clerk, maria, answer="maybe")
    assert not Consent.objects.exists()


def test_a_landline_is_asked_by_telephone(clerk: Client) -> None:
    row = make.help_request(make.resident(phone="0777 12 345"), now=timezone.now())
    assert "До този телефон не стига SMS." in do(clerk, row, do="ask")
    assert not Consent.objects.exists()


def test_only_the_desk_of_the_municipality(maria: HelpRequest) -> None:
    stranger = client_of(make.user(Role.CLERK, of=make.municipality("PER01", "Перник")))
    assert stranger.post(f"/zayavki/{maria.pk}/saglasie/", {"answer": "yes"}).status_code == 404
    assert client_of(make.user(Role.VOLUNTEER)).get(f"/zayavki/{maria.pk}/saglasie/").status_code == 403
