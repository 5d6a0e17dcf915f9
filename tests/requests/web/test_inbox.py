"""„Съобщения“: what a volunteer was told stands there once, however it went out; how many are new; page by page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.kinds import Kind, Text
from notifications.models import Message
from notifications.services import contacts, devices, outbox
from notifications.states import Channel
from notifications.web.inbox import INBOX_PAGE
from tests import factories as make
from tests.notifications.push.browser import Browser
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ivanka() -> Volunteer:
    row = make.volunteer()
    contacts.change_contact(row.contact, email="ivanka@example.org", in_app=True)
    return row


@pytest.fixture
def phone(ivanka: Volunteer) -> Client:
    client = Client()
    client.force_login(ivanka.user)
    return client


def told(ivanka: Volunteer, number: int) -> list[Message]:
    text = Text(f"Новина {number:02}", "В Извор ви чакат.")
    return outbox.enqueue(
        contact=ivanka.contact, key=f"news:{number}", kind=Kind("news"), text=text, now=timezone.now(),
    )  # fmt: skip


def subjects(client: Client, page: int = 1) -> list[str]:
    text = client.get(reverse("requests:inbox"), {"page": page}).content.decode()
    return re.findall(r"Новина \d\d(?=</h2>)", text)


def test_one_thing_told_stands_there_once_whatever_other_ways_it_went(
    phone: Client, ivanka: Volunteer, settings: object
) -> None:
    settings.PUSH_LOCAL_SERVICE, settings.PUSH_VAPID_PRIVATE_KEY = True, "A" * 42 + "E"  # type: ignore[attr-defined]
    browser = Browser()
    devices.switch_on(
        contacts=[ivanka.contact], endpoint="http://127.0.0.1:9/x", p256dh=browser.p256dh, auth=browser.auth
    )  # fmt: skip
    ivanka.contact.refresh_from_db()
    rows = told(ivanka, 1) + told(ivanka, 1)
    assert {row.channel for row in rows} == {Channel.IN_APP, Channel.PUSH}
    assert subjects(phone) == ["Новина 01"]


def test_the_day_says_how_many_are_new_and_reading_takes_them_off(phone: Client, ivanka: Volunteer) -> None:
    for number in range(3):
        told(ivanka, number)
    today = reverse("requests:my_today")
    assert "3 нови съобщения" in phone.get(today).content.decode()
    first = Message.objects.filter(channel=Channel.IN_APP).first()
    assert first is not None
    phone.post(reverse("requests:inbox"), {"message": str(first.pk)})
    assert "2 нови съобщения" in phone.get(today).content.decode()
    phone.post(reverse("requests:inbox"))
    assert "нови съобщения" not in phone.get(today).content.decode()


def test_the_older_stand_on_the_next_page(phone: Client, ivanka: Volunteer) -> None:
    for number in range(INBOX_PAGE + 3):
        rows = told(ivanka, number)
        earlier = timezone.now() - timedelta(hours=number)
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=earlier)
    assert subjects(phone) == [f"Новина {number:02}" for number in range(INBOX_PAGE)]
    assert subjects(phone, 2) == [f"Новина {INBOX_PAGE + number:02}" for number in range(3)]


def test_nobody_reads_anothers(phone: Client, ivanka: Volunteer) -> None:
    other = make.volunteer("Петър", "Колев")
    contacts.change_contact(other.contact, in_app=True)
    told(other, 7)
    assert subjects(phone) == []
