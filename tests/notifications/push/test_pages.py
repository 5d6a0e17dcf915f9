"""The volunteer's page, the service worker at the root, and what a browser tells by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from notifications.channels.push import confirm_token
from notifications.kinds import Kind, Text
from notifications.models import Message, PushSubscription
from notifications.services import devices
from notifications.services.outbox import enqueue
from notifications.states import Channel, MessageState
from tests import factories as make
from tests.notifications.push.browser import Browser
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
HERE = "http://127.0.0.1:9/ivanka"


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


@pytest.fixture
def phone(ivanka: Volunteer) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(ivanka.user)
    return client


def given(endpoint: str = HERE) -> dict[str, str]:
    browser = Browser()
    return {"endpoint": endpoint, "p256dh": browser.p256dh, "auth": browser.auth}


def test_a_browser_is_switched_on_and_off(phone: Client, ivanka: Volunteer) -> None:
    page = reverse("requests:push")
    assert phone.post(page, given()).status_code == 302
    row = PushSubscription.objects.get(contact=ivanka.contact)
    text = phone.get(page).content.decode()
    assert "Известията са включени." in text
    assert "Къде са включени" in text
    assert HERE not in text
    assert phone.post(page, {"off": str(row.pk)}).status_code == 302
    assert not PushSubscription.objects.exists()
    assert "Къде са включени" not in phone.get(page).content.decode()


def test_an_address_inside_the_house_is_refused_in_words(phone: Client, settings: Any) -> None:
    settings.PUSH_LOCAL_SERVICE = False
    answer = phone.post(reverse("requests:push"), given("https://10.0.0.1/steal"), follow=True)
    assert "Този браузър не може да получава известия от нас." in answer.content.decode()
    assert not PushSubscription.objects.exists()


def test_nobody_switches_off_anothers_and_rubbish_is_not_found(phone: Client) -> None:
    petar = make.volunteer("Петър", "Колев")
    (row,) = devices.switch_on(contacts=[petar.contact], **given())
    assert phone.post(reverse("requests:push"), {"off": str(row.pk)}).status_code == 302
    assert PushSubscription.objects.count() == 1
    assert phone.post(reverse("requests:push"), {"off": "rubbish"}).status_code == 404


def test_the_page_is_the_volunteers_own() -> None:
    stranger = Client()
    assert stranger.get(reverse("requests:push")).status_code == 302
    stranger.force_login(make.user(Role.CLERK))
    assert stranger.get(reverse("requests:push")).status_code == 403


def test_without_a_key_the_page_says_so_and_offers_nothing(phone: Client, settings: Any) -> None:
    settings.PUSH_VAPID_PRIVATE_KEY = ""
    text = phone.get(reverse("requests:push")).content.decode()
    assert "Тук известията още не работят." in text
    assert "data-push" not in text


def test_the_inbox_leads_to_the_page(phone: Client) -> None:
    assert reverse("requests:push") in phone.get(reverse("requests:inbox")).content.decode()


def test_the_service_worker_stands_at_the_root_for_the_whole_site(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'none'; script-src 'self'" in answer["Content-Security-Policy"]
    assert b"showNotification" in answer.content


@pytest.fixture
def sent(ivanka: Volunteer, now: datetime) -> Message:
    devices.switch_on(contacts=[ivanka.contact], **given())
    (row,) = enqueue(
        contact=ivanka.contact, key="offer:17:made", kind=Kind("offer_made"), text=Text("Покана", "Извор, 10:30 ч."),
        now=now, channels=[Channel.PUSH],
    )  # fmt: skip
    Message.objects.filter(pk=row.pk).update(state=MessageState.SENT, sent_at=row.due_at)
    return row


def test_the_browsers_word_settles_the_message_and_only_with_its_token(sent: Message) -> None:
    browser = Client(enforce_csrf_checks=True)
    address = f"/vrata/push/{sent.pk}/"
    for wrong in ("", "nonsense", confirm_token(uuid4()), "ключ"):
        assert browser.post(address, {"token": wrong}).status_code == 404
    assert Message.objects.get(pk=sent.pk).state == MessageState.SENT
    for _twice in range(2):
        assert browser.post(address, {"token": confirm_token(sent.pk)}).status_code == 204
    assert Message.objects.get(pk=sent.pk).state == MessageState.DELIVERED
    assert browser.get(address).status_code == 405


def test_a_word_about_a_message_that_is_not_there_changes_nothing(client: Client, db: None) -> None:
    unknown = uuid4()
    assert client.post(f"/vrata/push/{unknown}/", {"token": confirm_token(unknown)}).status_code == 204
    assert not Message.objects.exists()


def test_a_browser_that_moved_says_so_with_its_old_address(ivanka: Volunteer) -> None:
    devices.switch_on(contacts=[ivanka.contact], **given())
    browser = Client(enforce_csrf_checks=True)
    there = "http://127.0.0.1:9/moved"
    assert browser.post("/vrata/push/smyana/", {"old": "http://127.0.0.1:9/guess", **given(there)}).status_code == 404
    assert browser.post("/vrata/push/smyana/", {"old": HERE, **given("https://evil.example/x")}).status_code == 404
    assert browser.post("/vrata/push/smyana/", {"old": HERE, **given(there)}).status_code == 204
    assert PushSubscription.objects.get().endpoint == there
