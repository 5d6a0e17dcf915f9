"""Whatever is dangerous is refused to a machine nobody mends any more, in every request; daily work goes on there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import confirming
from accounts.roles import Role
from tests.accounts.entering import shown
from tests.accounts.test_posture import MENDED, NOT_MENDED
from tests.proofs.trust.addresses import Opened
from tests.proofs.trust.test_asked_again import dangerous, who_may
from tests.proofs.trust.town import Town
from tests.proofs.trust.without_rows import call

pytestmark = pytest.mark.django_db
OLD, NEW = NOT_MENDED["the last Chrome of Windows 7"], MENDED["Chrome on Windows"]


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = settings.ASK_AGAIN = settings.SMS_TO_FILES = True
    cache.clear()


def sitting(town: Town, action: str, agent: str) -> Client:
    """Somebody who may, and who gave the second factor a moment ago."""
    user = who_may(town, action)
    client = Client(raise_request_exception=False, headers={"User-Agent": agent})
    client.force_login(user)
    return shown(client, user, ago=1, method=confirming.FACTOR)


@pytest.mark.parametrize("one", dangerous(), ids=lambda one: f"{one.method}-{one.name}")
def test_every_page_and_operation_of_a_dangerous_action_refuses_it(towns: list[Town], one: Opened) -> None:
    old = call(sitting(towns[0], one.action, OLD), one)
    if old.status_code == 405:
        return  # a page that takes no such method
    assert old.status_code == 403
    said = old.json()["code"] if one.is_api else old.content.decode()
    assert said == "device_not_mended" if one.is_api else "не получава поправки" in said
    # The control: from a machine that is mended the same call goes on, to a form or to „no such row“.
    assert call(sitting(towns[0], one.action, NEW), one).status_code != 403


def test_it_is_looked_at_in_each_request_and_not_once(towns: list[Town]) -> None:
    client = sitting(towns[0], "accounts.tokens", NEW)
    assert client.get(reverse("accounts:tokens")).status_code == 200
    assert client.get(reverse("accounts:tokens"), headers={"User-Agent": OLD}).status_code == 403


def test_the_desk_s_daily_pages_open_there(towns: list[Town]) -> None:
    clerk = towns[0].people[Role.CLERK].user
    client = Client(headers={"User-Agent": OLD})
    client.force_login(clerk)
    shown(client, clerk, ago=1, method=confirming.FACTOR)
    for name in ("requests:desk", "requests:callbacks", "requests:calls", "catalogue:services"):
        assert client.get(reverse(name)).status_code == 200, name
