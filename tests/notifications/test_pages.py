"""What people read: their inbox, and in the demonstration everybody's telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.demonstration import claim
from notifications import selectors
from notifications.models import Contact, Message
from notifications.services import sending
from notifications.services.contacts import make_contact
from notifications.services.inbox import mark_read
from notifications.states import Channel
from places.models import Municipality, Settlement
from requests.models import Resident
from volunteers.models import Volunteer

Tell = Callable[..., list[Message]]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.notifications.addresses"
    settings.MESSAGE_CHANNELS_ALL_TO_FILE = True


@pytest.fixture
def izvor(radomir: Municipality) -> Settlement:
    return Settlement.objects.create(ekatte="32531", kind="village", name_bg="Извор", municipality=radomir)


@pytest.fixture
def person(radomir: Municipality, izvor: Settlement) -> Callable[[int], Contact]:
    def make(number: int) -> Contact:
        contact = make_contact(municipality=radomir, phone=f"+35988812{number:04}", in_app=bool(number % 2))
        if number % 2:
            Volunteer.objects.create(
                municipality=radomir, contact=contact, first_name="Иванка", last_name=f"Делева{number}",
                badge=number, status_since=timezone.now(), home=izvor,
            )  # fmt: skip
        else:
            Resident.objects.create(
                municipality=radomir, contact=contact, first_name="Мария", last_name=f"Стоева{number}", settlement=izvor
            )
        return contact

    return make


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_inbox_shows_mine_and_only_the_app(client: Client, iva: Contact, tell: Tell, radomir: Municipality) -> None:
    tell()
    other = make_contact(municipality=radomir, in_app=True)
    tell("other", contact=other, subject="Чуждо")
    page = read(client, f"/inbox/{iva.pk}/")
    assert page.count("<li lang=") == 1
    assert "Чуждо" not in page
    assert "1 ново съобщение" in page


def test_an_empty_inbox_says_so(client: Client, iva: Contact) -> None:
    assert "Още няма съобщения." in read(client, f"/inbox/{iva.pk}/")


def test_opening_a_message_marks_it_read_and_leads_on(client: Client, iva: Contact, tell: Tell) -> None:
    (first,) = tell(channels=[Channel.IN_APP])
    tell("second", channels=[Channel.IN_APP])
    answer = client.post(f"/inbox/{iva.pk}/", {"message": str(first.pk)})
    assert (answer.status_code, answer["Location"]) == (302, "/pokani/17/")
    assert selectors.unread_count([iva], now=timezone.now()) == 1
    client.post(f"/inbox/{iva.pk}/")
    assert selectors.unread_count([iva], now=timezone.now()) == 0
    assert "Няма нови съобщения" in read(client, f"/inbox/{iva.pk}/")


def test_nobody_opens_anothers_message(client: Client, iva: Contact, tell: Tell, radomir: Municipality) -> None:
    other = make_contact(municipality=radomir, in_app=True)
    (foreign,) = tell("other", contact=other)
    for key in (str(foreign.pk), str(uuid4()), "rubbish"):
        assert client.post(f"/inbox/{iva.pk}/", {"message": key}).status_code == 404
    assert selectors.unread_count([other], now=timezone.now()) == 1


def test_what_comes_while_reading_stays_unread(iva: Contact, tell: Tell, now: datetime) -> None:
    tell(channels=[Channel.IN_APP])
    assert mark_read(contacts=[iva], now=now - timedelta(seconds=1)) == 0
    assert mark_read(contacts=[iva], now=now) == 1
    assert mark_read(contacts=[iva], now=now) == 0


def test_what_is_to_be_told_tomorrow_is_not_in_the_inbox_today(iva: Contact, tell: Tell, now: datetime) -> None:
    tomorrow = now + timedelta(days=1)
    (row,) = tell(channels=[Channel.IN_APP], due_at=tomorrow)
    assert not selectors.inbox([iva], now=now)
    assert list(selectors.inbox([iva], now=tomorrow)) == [row]


def test_a_reminder_written_long_ago_stands_where_it_was_told(iva: Contact, tell: Tell, now: datetime) -> None:
    (reminder,) = tell("reminder", channels=[Channel.IN_APP], due_at=now + timedelta(hours=2))
    (news,) = tell("news", channels=[Channel.IN_APP], due_at=now + timedelta(hours=1))
    assert list(selectors.inbox([iva], now=now + timedelta(days=1))) == [reminder, news]


def questions(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        read(client, path)
    return len(queries)


def test_the_inbox_asks_the_same_number_of_questions(client: Client, iva: Contact, tell: Tell) -> None:
    tell(channels=[Channel.IN_APP])
    few = questions(client, f"/inbox/{iva.pk}/")
    for number in range(30):
        tell(f"offer:{number}", channels=[Channel.IN_APP])
    assert questions(client, f"/inbox/{iva.pk}/") == few


def test_the_telephones_are_there_only_in_a_demonstration(client: Client) -> None:
    assert client.get("/demo/telefoni/").status_code == 404
    claim()
    assert "Още никой не е получил съобщение." in read(client, "/demo/telefoni/")


def test_each_telephone_shows_a_thing_once_with_the_ways_it_went(
    client: Client, person: Callable[[int], Contact], tell: Tell, now: datetime
) -> None:
    claim()
    volunteer, resident = person(1), person(2)
    tell("offer:1", contact=volunteer)
    tell("visit:1", contact=resident, subject="Посещение в четвъртък", link="")
    sending.send_due(now=now)
    tell("visit:2", contact=resident, subject="Утре идваме", link="")
    page = read(client, "/demo/telefoni/")
    assert page.count("<article") == 3
    assert page.count('href="/pokani/17/"') == 1
    assert "Иванка Делева1" in page
    assert "доброволец, с.\u00a0Извор" in page
    assert "0888" in page.replace("\u00a0", "")
    assert "в приложението, SMS" in page
    assert "SMS: чака" in page
    assert page.index("Утре идваме") < page.index("Посещение в четвъртък")


def test_one_telephone_can_be_chosen(client: Client, person: Callable[[int], Contact], tell: Tell) -> None:
    claim()
    chosen, other, silent = person(1), person(2), person(4)
    tell("offer:1", contact=chosen)
    tell("offer:2", contact=other)
    page = read(client, f"/demo/telefoni/?person={chosen.pk}")
    assert page.count("<section") == 1
    assert f'value="{chosen.pk}" selected' in page
    assert "Още няма съобщения." in read(client, f"/demo/telefoni/?person={silent.pk}")
    assert client.get(f"/demo/telefoni/?person={uuid4()}").status_code == 404
    assert read(client, "/demo/telefoni/?person=rubbish").count("<section") == 2


def test_the_telephones_ask_the_same_number_of_questions(
    client: Client, person: Callable[[int], Contact], tell: Tell
) -> None:
    claim()
    tell("offer:0", contact=person(0))
    few = questions(client, "/demo/telefoni/")
    for number in range(1, 30):
        tell(f"offer:{number}", contact=person(number))
    assert questions(client, "/demo/telefoni/") == few
    assert read(client, "/demo/telefoni/?page=3").count("<section") == 6
