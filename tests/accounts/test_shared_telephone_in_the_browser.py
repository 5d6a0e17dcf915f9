"""Who of those on one telephone: as the page stands on its small screen, and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from notifications.services import contacts
from tests import factories as make
from tests.accounts.entering import sent_code
from tests.proofs.trust import looking
from tests.requests.web.measuring import axe_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_of_two_on_a_telephone_chooses_their_name_and_is_in(phone_page: Page, settings: Any) -> None:
    settings.SMS_TO_FILES = True
    cache.clear()
    page, petar, mara = phone_page, make.volunteer("Петър", "Стоянов"), make.volunteer("Мара", "Стоянова")
    contacts.change_contact(mara.contact, phone=petar.contact.phone)
    page.goto("/vhod/kod/")
    page.get_by_label("Телефон или имейл").fill(petar.contact.phone)
    page.get_by_role("button", name="Пратете ми код").click()
    page.get_by_label("Код").fill(sent_code())
    page.get_by_role("button", name="Влизам").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("На този телефон сте няколко. Кой сте вие?")
    assert axe_faults(page) + looking.small_targets(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    hers = page.get_by_role("button", name=f"Мара С., Радомир № {mara.badge}")
    hers.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/vhod/" not in url)
    page.goto("/az/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Мара Стоянова")
