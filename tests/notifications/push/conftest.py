"""A push service on this machine, a key of our own, and Ива's telephones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from notifications.models import Contact
from notifications.push import vapid
from notifications.services import devices
from tests.notifications.push.browser import Browser
from tests.notifications.push.service import PushService


@pytest.fixture(autouse=True)
def _own_key(settings: Any) -> None:
    settings.PUSH_VAPID_PRIVATE_KEY = vapid.new_key()
    settings.PUSH_CONTACT = "mailto:biuro@radomir.example"
    settings.PUSH_LOCAL_SERVICE = True


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def switch_on(service: PushService, awake: Contact) -> Callable[[str], Browser]:
    """Ива switches notifications on on one more telephone."""

    def on(path: str = "/one") -> Browser:
        browser = Browser()
        devices.switch_on(
            contacts=[awake], endpoint=service.url + path, p256dh=browser.p256dh, auth=browser.auth
        )  # fmt: skip
        return browser

    return on
