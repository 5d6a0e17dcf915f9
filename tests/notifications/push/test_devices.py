"""A browser belongs to one person, a person has several, and all of it can be switched off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from core.errors import Invalid
from notifications.models import Contact, PushSubscription
from notifications.services import devices
from notifications.services.contacts import make_contact
from notifications.states import Channel
from places.models import Municipality
from tests.notifications.push.browser import Browser
from tests.notifications.push.service import PushService

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
On = Callable[..., Browser]


def put(contact: Contact, endpoint: str, browser: Browser | None = None) -> PushSubscription:
    keys = browser or Browser()
    return devices.switch_on(contacts=[contact], endpoint=endpoint, p256dh=keys.p256dh, auth=keys.auth)[0]


def test_push_comes_first_of_the_ways_and_the_others_stay(awake: Contact, switch_on: On) -> None:
    switch_on()
    awake.refresh_from_db()
    assert awake.channels == [Channel.IN_APP, Channel.PUSH, Channel.SMS, Channel.EMAIL]


def test_the_same_browser_again_is_one_browser_with_its_new_keys(
    awake: Contact, switch_on: On, service: PushService
) -> None:
    switch_on()
    newer = switch_on()
    assert awake.push_subscriptions.get().p256dh == newer.p256dh
    awake.refresh_from_db()
    assert awake.channels.count(Channel.PUSH) == 1


def test_a_telephone_that_changes_hands_shows_nothing_of_the_former(
    awake: Contact, radomir: Municipality, switch_on: On, service: PushService
) -> None:
    switch_on()
    petar = make_contact(municipality=radomir, phone="+359888000001", in_app=True)
    put(petar, f"{service.url}/one")
    awake.refresh_from_db()
    assert not awake.push_subscriptions.exists()
    assert Channel.PUSH not in awake.channels
    assert petar.push_subscriptions.count() == 1


def test_one_browser_serves_a_person_in_two_municipalities(
    awake: Contact, radomir: Municipality, service: PushService
) -> None:
    there = make_contact(municipality=radomir, phone="+359888000002", in_app=True)
    keys = Browser()
    both = {"contacts": [awake, there]}
    first, _second = devices.switch_on(
        **both, endpoint=f"{service.url}/one", p256dh=keys.p256dh, auth=keys.auth
    )  # fmt: skip
    assert PushSubscription.objects.count() == 2
    assert devices.switch_off(**both, subscription_id=first.pk)
    assert not PushSubscription.objects.exists()


def test_switched_off_it_is_gone_and_with_the_last_one_the_way(awake: Contact, service: PushService) -> None:
    one, two = put(awake, f"{service.url}/one"), put(awake, f"{service.url}/two")
    assert devices.switch_off(contacts=[awake], subscription_id=one.pk)
    assert Channel.PUSH in awake.channels
    assert devices.switch_off(contacts=[awake], subscription_id=two.pk)
    awake.refresh_from_db()
    assert Channel.PUSH not in awake.channels


def test_nobody_switches_off_anothers(awake: Contact, radomir: Municipality, service: PushService) -> None:
    row = put(awake, f"{service.url}/one")
    other = make_contact(municipality=radomir, in_app=True)
    assert not devices.switch_off(contacts=[other], subscription_id=row.pk)
    assert not devices.switch_off(contacts=[awake], subscription_id=uuid4())
    assert awake.push_subscriptions.count() == 1


def test_of_too_many_the_oldest_goes(awake: Contact, service: PushService) -> None:
    for number in range(devices.MOST_DEVICES + 2):
        put(awake, f"{service.url}/{number}")
    kept = {row.endpoint for row in awake.push_subscriptions.all()}
    assert kept == {f"{service.url}/{number}" for number in range(2, devices.MOST_DEVICES + 2)}


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        ("https://example.org/steal", None, None),
        ("http://169.254.169.254/", None, None),
        ("http://127.0.0.1/" + "x" * 1000, None, None),
        ("http://127.0.0.1/one", "rubbish", None),
        ("http://127.0.0.1/one", "ключ", None),
        ("http://127.0.0.1/one", None, ""),
    ],
)
def test_what_no_browser_gave_is_refused(awake: Contact, endpoint: str, p256dh: Any, auth: Any) -> None:
    browser = Browser()
    keys = {"p256dh": browser.p256dh if p256dh is None else p256dh, "auth": browser.auth if auth is None else auth}
    with pytest.raises(Invalid):
        devices.switch_on(contacts=[awake], endpoint=endpoint, **keys)
    assert not PushSubscription.objects.exists()
    awake.refresh_from_db()
    assert Channel.PUSH not in awake.channels


def test_a_browser_that_moved_is_known_by_its_old_address(awake: Contact, switch_on: On, service: PushService) -> None:
    switch_on("/old")
    keys = Browser()
    new = {"endpoint": f"{service.url}/new", "p256dh": keys.p256dh, "auth": keys.auth}
    assert devices.replace(old_endpoint=f"{service.url}/unknown", **new) == 0
    assert devices.replace(old_endpoint=f"{service.url}/old", **new) == 1
    assert [row.endpoint for row in awake.push_subscriptions.all()] == [f"{service.url}/new"]
    awake.refresh_from_db()
    assert Channel.PUSH in awake.channels
