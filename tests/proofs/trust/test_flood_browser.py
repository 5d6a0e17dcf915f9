"""Under a flood a resident's browser works the sum out by itself; without scripts the page says to wait or to call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from requests.models import HelpRequest
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = "0888 765 432"
SEND = "form button.btn"


@pytest.fixture
def row(settings: Any) -> HelpRequest:
    """Every form from here is one too many."""
    settings.CALM_FORMS_HERE = 0.5
    cache.clear()
    return make.help_request(make.resident(phone=PHONE))


def ask(page: Page, row: HelpRequest) -> None:
    page.goto("/zayavka/")
    page.fill("[name=code]", row.tracking_code)
    page.fill("[name=phone]", PHONE)
    page.click(SEND)


def test_the_browser_does_the_sum_and_the_person_only_waits(phone_page: Page, row: HelpRequest) -> None:
    ask(phone_page, row)
    phone_page.wait_for_url("**/zayavka/moyata/", timeout=60_000)
    expect(phone_page.locator("h1")).to_be_visible()


def test_without_scripts_one_is_told_to_wait_or_to_call(new_page: Callable[..., Page], row: HelpRequest) -> None:
    page = new_page(360, 740, java_script_enabled=False)
    ask(page, row)
    assert "Изчакайте една минута" in page.inner_text("main") and "ни звъннете" in page.inner_text("main")
    assert page.input_value("[name=code]") == row.tracking_code and page.input_value("[name=phone]") == PHONE
