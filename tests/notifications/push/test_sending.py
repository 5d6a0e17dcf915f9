"""A push goes to each of a person's browsers, through the real outbox, and what is gone is dropped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications.channels import push as channel
from notifications.models import Contact, Message, MessageHour, PushSubscription
from notifications.push import vapid
from notifications.services import contacts, devices, outcomes, passing, reports, sending
from notifications.states import Channel, MessageClass, MessageState
from tests.notifications.push.browser import Browser
from tests.notifications.push.service import PushService
from tests.notifications.push.test_vapid import claims, parts, verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_smoke]
Tell = Callable[..., list[Message]]
On = Callable[..., Browser]
A_SLOW_MACHINE = timedelta(seconds=10)


def pushed(rows: list[Message]) -> Message:
    return next(row for row in rows if row.channel == Channel.PUSH)


def send(message: Message, at: datetime) -> Message:
    sending.send_due(now=at)
    message.refresh_from_db()
    return message


def test_whoever_switched_on_is_told_by_push_first(
    switch_on: On, service: PushService, tell: Tell, now: datetime
) -> None:
    browser = switch_on()
    message = send(pushed(tell()), now)
    (taken,) = service.taken
    said = json.loads(browser.read(taken.body))
    assert said == {
        "id": str(message.pk), "title": "Покана за четвъртък", "body": "В Извор ви чакат в 10:30 ч.", "lang": "bg",
        "link": "/pokani/17/", "token": channel.confirm_token(message.pk),
    }  # fmt: skip
    assert (message.state, message.provider, message.provider_ref) == (MessageState.SENT, "push", "0:1")
    assert "Извор".encode() not in taken.body


def test_the_push_service_is_told_how_long_and_how_pressing(
    switch_on: On, service: PushService, tell: Tell, now: datetime
) -> None:
    switch_on()
    soon = datetime.now(now.tzinfo) + timedelta(minutes=30)
    tell("a", message_class=MessageClass.CANCELLATION, expires_at=soon)
    tell("b")
    sending.send_due(now=now)
    first, second = (one.headers for one in sorted(service.taken, key=lambda one: int(one.headers["TTL"])))
    assert 1700 <= int(first["TTL"]) <= 1800
    assert (first["Urgency"], second["Urgency"], second["TTL"]) == ("high", "normal", "86400")
    assert first["Content-Encoding"] == "aes128gcm"
    assert len(first["Topic"]) == 32
    assert first["Topic"] != second["Topic"]
    token, public = parts(first["Authorization"])
    verify(token, public)
    assert claims(token)["aud"] == service.url


def test_every_telephone_gets_it_and_it_is_one_message(
    switch_on: On, service: PushService, tell: Tell, now: datetime
) -> None:
    one, two = switch_on("/one"), switch_on("/two")
    message = send(pushed(tell()), now)
    for browser, path in ((one, "/one"), (two, "/two")):
        (taken,) = service.to(path)
        assert json.loads(browser.read(taken.body))["id"] == str(message.pk)
    assert MessageHour.objects.get(channel=Channel.PUSH).handed == 1


@pytest.mark.parametrize("code", [404, 410])
def test_a_browser_that_is_gone_is_dropped_and_the_next_way_is_taken(
    switch_on: On, service: PushService, tell: Tell, now: datetime, awake: Contact, code: int,
) -> None:  # fmt: skip
    switch_on()
    service.answers["/one"] = [code]
    message = send(pushed(tell()), now)
    assert (message.state, message.failure) == (MessageState.FAILED, f"Push {code}")
    awake.refresh_from_db()
    assert Channel.PUSH not in awake.channels
    assert not PushSubscription.objects.exists()
    assert Message.objects.get(instead_of=message).channel in (Channel.SMS, Channel.EMAIL)


def test_one_browser_gone_and_another_there_is_sent(
    switch_on: On, service: PushService, tell: Tell, now: datetime, awake: Contact
) -> None:
    switch_on("/old")
    switch_on("/new")
    service.answers["/old"] = [410]
    message = send(pushed(tell()), now)
    assert message.state == MessageState.SENT
    assert [row.endpoint for row in awake.push_subscriptions.all()] == [f"{service.url}/new"]
    awake.refresh_from_db()
    assert Channel.PUSH in awake.channels


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_service_is_asked_again_later(
    switch_on: On, service: PushService, tell: Tell, now: datetime, code: int
) -> None:
    switch_on()
    service.answers["/one"] = [code, 201]
    message = send(pushed(tell()), now)
    assert (message.state, message.failure) == (MessageState.QUEUED, f"Push {code}")
    assert now < message.due_at <= now + outcomes.FIRST_WAIT + A_SLOW_MACHINE
    assert send(message, message.due_at).state == MessageState.SENT
    assert len(service.taken) == 2
    assert PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("asks", "least", "most"),
    [("120", timedelta(seconds=120), timedelta(seconds=120)), ("9000000", outcomes.LONGEST_WAIT, outcomes.LONGEST_WAIT),
     ("Wed, 21 Oct 2026 07:28:00 GMT", timedelta(0), outcomes.FIRST_WAIT), ("-5", timedelta(0), outcomes.FIRST_WAIT)],
)  # fmt: skip
def test_a_service_that_says_how_long_is_left_alone_for_so_long(
    switch_on: On, service: PushService, tell: Tell, now: datetime, asks: str, least: timedelta, most: timedelta
) -> None:
    switch_on()
    service.answers["/one"], service.asks_to_wait = [429, 201], asks
    message = send(pushed(tell()), now)
    assert now + least <= message.due_at <= now + most + A_SLOW_MACHINE


@pytest.mark.parametrize("code", [400, 401, 403, 413])
def test_what_is_refused_for_good_goes_another_way_and_keeps_the_browser(
    switch_on: On, service: PushService, tell: Tell, now: datetime, code: int
) -> None:
    switch_on()
    service.answers["/one"] = [code]
    message = send(pushed(tell()), now)
    assert (message.state, message.failure) == (MessageState.FAILED, f"Push {code}")
    assert Message.objects.filter(instead_of=message).exists()
    assert PushSubscription.objects.exists()


def test_a_service_that_is_not_there_is_asked_again(
    switch_on: On, service: PushService, tell: Tell, now: datetime
) -> None:
    switch_on()
    PushSubscription.objects.all().delete()
    browser = Browser()
    contact = Contact.objects.get()
    devices.switch_on(
        contacts=[contact], endpoint="http://127.0.0.1:9/none", p256dh=browser.p256dh, auth=browser.auth
    )  # fmt: skip
    message = send(pushed(tell()), now)
    assert (message.state, message.failure) == (MessageState.QUEUED, "ConnectError")


def test_an_address_that_is_no_push_service_any_more_is_never_asked(
    switch_on: On, service: PushService, tell: Tell, now: datetime, settings: Any
) -> None:
    switch_on()
    message = pushed(tell())
    settings.PUSH_LOCAL_SERVICE = False
    assert send(message, now).failure == "PushHost"
    assert not service.taken


def test_the_browsers_word_is_the_receipt(switch_on: On, tell: Tell, now: datetime) -> None:
    switch_on()
    message = send(pushed(tell(must_arrive=True)), now)
    assert reports.note(message_id=message.pk, reported=reports.Reported.DELIVERED, now=now)
    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED
    assert not reports.note(message_id=message.pk, reported=reports.Reported.DELIVERED, now=now)
    assert MessageHour.objects.get(channel=Channel.PUSH).delivered == 1
    passing.doubt_unreported(now=now + timedelta(days=1))
    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED


def test_without_that_word_what_must_arrive_goes_another_way(switch_on: On, tell: Tell, now: datetime) -> None:
    switch_on()
    message = send(pushed(tell(must_arrive=True, message_class=MessageClass.CANCELLATION)), now)
    assert passing.doubt_unreported(now=now + timedelta(minutes=59)) == 0
    assert passing.doubt_unreported(now=now + timedelta(minutes=61)) == 1
    passing.pass_on_unsettled(now=now + timedelta(minutes=61))
    assert Message.objects.get(instead_of=message).channel in (Channel.SMS, Channel.EMAIL)


def test_a_sender_that_died_sends_again_under_the_same_name(
    switch_on: On, service: PushService, tell: Tell, now: datetime
) -> None:
    browser = switch_on()
    message = pushed(tell())
    Message.objects.filter(pk=message.pk).update(state=MessageState.CLAIMED, claimed_at=now, handing_at=now)
    later = now + timedelta(minutes=1)
    outcomes.reclaim_stale(now=later)
    assert send(message, later).state == MessageState.SENT
    assert json.loads(browser.read(service.taken[0].body))["id"] == str(message.pk)


def test_a_long_text_is_cut_and_fits(switch_on: On, service: PushService, tell: Tell, now: datetime) -> None:
    browser = switch_on()
    tell(subject="Ж" * 900, body="щ" * 5000)
    sending.send_due(now=now)
    said = json.loads(browser.read(service.taken[0].body))
    assert (len(said["title"]), len(said["body"])) == (channel.MOST_SIGNS, channel.MOST_SIGNS)
    assert said["body"].endswith("щ…")


def test_quiet_hours_hold_for_push_as_well(
    switch_on: On, service: PushService, tell: Tell, now: datetime, awake: Contact
) -> None:
    switch_on()
    at = now.time().replace(hour=6)
    contacts.set_wishes(
        awake, latin=False, quiet_from=at, quiet_until=at.replace(hour=14), on_free_days=True, urgent_any_time=False,
        daily_cap=6,
    )  # fmt: skip
    message = send(pushed(tell()), now)
    assert message.state == MessageState.QUEUED
    assert message.due_at > now
    assert not service.taken


def test_nobody_is_told_by_push_where_there_is_no_key(switch_on: On, tell: Tell, settings: Any) -> None:
    switch_on()
    settings.PUSH_VAPID_PRIVATE_KEY = ""
    assert vapid.own_key() == ""
    assert Channel.PUSH not in [row.channel for row in tell()]


def test_the_address_of_a_browser_is_in_no_log(
    switch_on: On, service: PushService, tell: Tell, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    switch_on()
    service.answers["/one"] = [201]
    with caplog.at_level("INFO"):
        assert send(pushed(tell()), now).state == MessageState.SENT
    assert service.url not in caplog.text


def test_the_address_of_a_browser_is_sealed_in_the_database(switch_on: On, service: PushService) -> None:
    from django.db import connection

    switch_on()
    with connection.cursor() as cursor:
        cursor.execute("SELECT endpoint, p256dh, auth FROM notifications_pushsubscription")
        (stored,) = cursor.fetchall()
    assert not [text for text in stored if service.url in text]
    row = PushSubscription.objects.get()
    assert row.endpoint == f"{service.url}/one"
    assert row.p256dh not in stored
