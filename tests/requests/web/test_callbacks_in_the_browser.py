"""The screen of calls from the keyboard, in a real browser: a digit takes a row, in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from notifications.models import Callback
from notifications.services import callbacks
from notifications.states import CallbackSource
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def rang(phone: str) -> Callback:
    now = timezone.now()
    return callbacks.ask(
        municipality=make.municipality(), phone=phone, source=CallbackSource.MISSED, since=now, due_at=now, now=now
    )


def test_a_digit_takes_a_row_in_place_and_a_button_ends_it(
    desk_page: Page, sign_in: Callable[[Page, User], None]
) -> None:
    rang("+359888111222")
    rang("+359888111333")
    sign_in(desk_page, make.user(Role.CLERK, name="Цвета Гишева"))
    desk_page.goto("/obazhdaniya/obratno/")
    desk_page.evaluate("window.same = true")
    desk_page.keyboard.press("2")
    number = desk_page.locator("#mine a.big")
    expect(number).to_have_attribute("href", "tel:+359888111333")
    expect(number).to_be_focused()
    # A digit in the note is a digit.
    desk_page.locator("#mine textarea").fill("от 1")
    desk_page.locator("#mine textarea").press("1")
    desk_page.get_by_role("button", name="Говорихме, помогнах").click()
    expect(desk_page.locator("#mine")).to_have_count(0)
    expect(desk_page.locator("#how-many")).to_have_text("Да звъннем на 1 човек")
    assert desk_page.evaluate("window.same"), "the page was loaded anew"
    assert Callback.objects.get(result="helped").note == "от 11"
    desk_page.keyboard.press("F4")
    expect(desk_page.locator("aside [name=phone]")).to_be_focused()


def test_a_new_call_appears_by_itself_and_what_is_being_written_stays(
    desk_page: Page, sign_in: Callable[[Page, User], None]
) -> None:
    rang("+359888111222")
    sign_in(desk_page, make.user(Role.CLERK))
    desk_page.goto("/obazhdaniya/obratno/")
    desk_page.keyboard.press("1")
    desk_page.locator("#mine textarea").fill("пише се")
    rang("+359888111444")
    expect(desk_page.locator("#queue")).to_contain_text("0888\u00a0111\u00a0444", timeout=25_000)
    expect(desk_page.locator("#mine textarea")).to_have_value("пише се")


def test_a_preview_follows_what_is_typed(desk_page: Page, sign_in: Callable[[Page, User], None]) -> None:
    sign_in(desk_page, make.user(Role.COORDINATOR))
    desk_page.goto("/saobshteniya/tekstove/request_received/bg/")
    desk_page.locator("[name=short]").fill("Ето: {номер}, {код}. Пазете го.")
    expect(desk_page.locator("#preview")).to_contain_text("Ето: 1284, 4821 7730. Пазете го.")
    desk_page.locator("[name=short]").fill("Ето: {телефонче}")
    expect(desk_page.locator("#preview")).to_contain_text("Това не може да се попълни: {телефонче}")
