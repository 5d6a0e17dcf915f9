"""Web push from the outbox to the screen: sealed here, taken by a push service, opened as a browser would, delivered by
the browser's own tools to the real service worker, shown, confirmed, and opened at a tap.

Only the way between the push service and the browser is played by the test: it needs the maker's servers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications.models import Message, PushSubscription
from notifications.push import vapid
from notifications.services import sending
from notifications.states import Channel, MessageState
from requests.models import Offer
from tests import factories as make
from tests.notifications.push.browser import Browser
from tests.notifications.push.service import PushService
from tests.notifications.push.test_vapid import parts, verify
from tests.proofs.messages.worker import GIVEN_AN_ADDRESS, IS_SHOWN, SHOWN, TAPPED, WATCHED, Tools
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def service(settings: Any, live_server: Any) -> Iterator[PushService]:
    settings.PUSH_VAPID_PRIVATE_KEY = vapid.new_key()
    settings.PUSH_LOCAL_SERVICE = True
    settings.SITE_URL = live_server.url
    with PushService() as running:
        yield running


@pytest.fixture
def phone(
    phone_page: Page, sign_in: Callable[[Page, Any], None], ivanka: Volunteer, browser: Browser, service: PushService,
    settings: Any,
) -> Page:  # fmt: skip
    """Иванка's telephone on the page „Известия на този телефон“, which may show notifications."""
    sign_in(phone_page, ivanka.user)
    given = {
        "endpoint": f"{service.url}/ivanka", "p256dh": browser.p256dh, "auth": browser.auth,
        "key": vapid.public_of(settings.PUSH_VAPID_PRIVATE_KEY),
    }  # fmt: skip
    phone_page.context.grant_permissions(["notifications"])
    phone_page.add_init_script(f"({GIVEN_AN_ADDRESS})({json.dumps(given)})")
    phone_page.goto(reverse("requests:push"))
    return phone_page


def switched_on(phone: Page) -> Page:
    phone.get_by_role("button", name="Включвам").click()
    expect(phone.get_by_text("Този телефон показва известия.")).to_be_visible()
    return phone


def shown(phone: Page) -> list[list[str]]:
    return list(phone.evaluate(SHOWN))


def offered(volunteer: Volunteer) -> tuple[Offer, Message]:
    now = timezone.now()
    (offer,) = make.offer(make.help_request(now=now), volunteer, now=now)
    return offer, Message.objects.get(contact=volunteer.contact, channel=Channel.PUSH, kind="offer_made")


def test_an_offer_reaches_the_service_worker_is_shown_and_confirmed(
    phone: Page, service: PushService, ivanka: Volunteer, browser: Browser
) -> None:
    switched_on(phone)
    offer, message = offered(ivanka)
    sending.send_due(now=timezone.now())
    (taken,) = service.taken
    verify(*parts(taken.headers["Authorization"]))
    Tools(phone).deliver(browser.read(taken.body).decode())
    link = reverse("requests:offer", args=[offer.pk])
    ((title, body, tag, lang, opens),) = shown(phone)
    assert (title, tag, lang, opens) == ("Покана за с. Извор", str(message.pk), "bg", link)
    assert "Помощ за отопление" in body
    assert "Отговорете" not in body
    for _attempt in range(50):
        message.refresh_from_db()
        if message.state == MessageState.DELIVERED:
            break
        phone.wait_for_timeout(100)
    assert (message.state, message.provider) == (MessageState.DELIVERED, "push")


def test_the_same_push_twice_is_one_notification(
    phone: Page, service: PushService, ivanka: Volunteer, browser: Browser
) -> None:
    switched_on(phone)
    offered(ivanka)
    sending.send_due(now=timezone.now())
    tools, text = Tools(phone), browser.read(service.taken[0].body).decode()
    tools.deliver(text)
    assert len(shown(phone)) == 1
    tools.deliver(text)
    phone.wait_for_timeout(500)
    assert len(shown(phone)) == 1


def test_a_tap_opens_the_offer_and_takes_the_notification_away(
    phone: Page, service: PushService, ivanka: Volunteer, browser: Browser, live_server: Any
) -> None:
    switched_on(phone)
    offer, _message = offered(ivanka)
    sending.send_due(now=timezone.now())
    Tools(phone).deliver(browser.read(service.taken[0].body).decode())
    assert shown(phone)
    (worker,) = phone.context.service_workers
    opened, left = worker.evaluate(TAPPED)
    assert opened == live_server.url + reverse("requests:offer", args=[offer.pk])
    assert left == 0


def test_what_is_not_ours_is_shown_without_a_word_of_it(phone: Page) -> None:
    Tools(switched_on(phone)).deliver("no json")
    ((title, body, *_rest),) = shown(phone)
    assert (title, body) == ("Цифрови доброволци", "")


def test_the_page_switches_on_and_off(phone: Page, ivanka: Volunteer, service: PushService) -> None:
    expect(phone.get_by_text("Този телефон още не показва известия.")).to_be_visible()
    switched_on(phone)
    assert PushSubscription.objects.get().endpoint == f"{service.url}/ivanka"
    expect(phone.get_by_text("този телефон", exact=True)).to_be_visible()
    phone.evaluate(WATCHED)
    phone.get_by_role("button", name="Покажете ми как изглежда").click()
    phone.evaluate(IS_SHOWN)
    assert shown(phone)[0][:2] == ["Покана за Извор", "Така изглежда едно известие."]
    phone.get_by_role("button", name="Изключвам").click()
    expect(phone.get_by_text("Този телефон още не показва известия.")).to_be_visible()
    assert not PushSubscription.objects.exists()
    ivanka.contact.refresh_from_db()
    assert Channel.PUSH not in ivanka.contact.channels


def test_a_browser_dropped_by_its_service_is_offered_the_switch_again(
    phone: Page, service: PushService, ivanka: Volunteer
) -> None:
    switched_on(phone)
    service.answers["/ivanka"] = [410]
    offered(ivanka)
    sending.send_due(now=timezone.now())
    assert Message.objects.filter(contact=ivanka.contact, channel=Channel.SMS).exists()
    phone.reload()
    expect(phone.get_by_text("Този телефон още не показва известия.")).to_be_visible()


def test_a_browser_that_cannot_says_so(
    new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None], ivanka: Volunteer, service: PushService
) -> None:
    for how in ("delete window.PushManager", "delete window.Notification"):
        page = new_page(360, 740)
        sign_in(page, ivanka.user)
        page.add_init_script(how)
        page.goto(reverse("requests:push"))
        expect(page.get_by_text("Този браузър не показва известия.")).to_be_visible()
        expect(page.get_by_role("button", name="Включвам")).to_be_hidden()


def test_without_scripts_the_page_says_so_and_offers_nothing(
    new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None], ivanka: Volunteer, service: PushService
) -> None:
    page = new_page(360, 740, java_script_enabled=False)
    sign_in(page, ivanka.user)
    page.goto(reverse("requests:push"))
    expect(page.get_by_text("Този браузър не показва известия.")).to_be_visible()
    expect(page.get_by_role("button", name="Включвам")).to_be_hidden()


def test_whoever_forbade_it_is_told_where_to_allow_it(
    new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None], ivanka: Volunteer, service: PushService
) -> None:
    page = new_page(360, 740)
    sign_in(page, ivanka.user)
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.goto(reverse("requests:push"))
    expect(page.get_by_text("Известията са спрени в настройките на браузъра.")).to_be_visible()


def test_a_telephone_without_the_makers_servers_is_told_so(
    new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None], ivanka: Volunteer, service: PushService
) -> None:
    """Here the browser's own `subscribe` is asked, and this machine reaches no servers."""
    page = new_page(360, 740)
    sign_in(page, ivanka.user)
    page.context.grant_permissions(["notifications"])
    page.goto(reverse("requests:push"))
    page.get_by_role("button", name="Включвам").click()
    expect(page.get_by_text("Телефонът не се свърза със службата за известия.")).to_be_visible(timeout=60_000)
    assert not PushSubscription.objects.exists()
