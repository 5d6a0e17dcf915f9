"""The second step as a person takes it: a key of the device, the drawing, the printed sheet, on a small screen too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from tests import factories as make
from tests.accounts.entering import PASSWORD, with_password

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = settings.ASK_AGAIN = True
    cache.clear()


@pytest.fixture
def clerk(_as_in_earnest: None) -> User:
    return with_password(make.user(Role.CLERK))


def with_a_key(page: Page) -> Page:
    """A device whose owner always lays the finger on."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return page


def password(page: Page, user: User) -> None:
    page.goto("/vhod/")
    page.get_by_label("Имейл").fill(user.email)
    page.get_by_label("Парола").fill(PASSWORD)
    page.get_by_role("button", name="Влизам").click()


def narrow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_a_key_is_added_signs_in_and_answers_when_asked_again(phone_page: Page, clerk: User, settings: Any) -> None:
    page = with_a_key(phone_page)
    password(page, clerk)
    expect(page.get_by_role("heading", level=1)).to_have_text("Изберете втора стъпка за входа")
    narrow(page)
    page.get_by_role("link", name="Добавям ключ").click()
    page.get_by_label("Как да го наричаме").fill("Телефонът ми")
    page.get_by_role("button", name="Добавям ключ").click()
    expect(page.get_by_text("Телефонът ми", exact=True)).to_be_visible()
    narrow(page)
    row = Authenticator.objects.get(user=clerk)
    assert (row.type, row.data["name"]) == ("webauthn", "Телефонът ми")
    page.goto("/izhod/")
    page.get_by_role("button", name="Излизам").click()
    password(page, clerk)
    expect(page.get_by_role("heading", level=1)).to_have_text("Втора стъпка: покажете, че сте вие")
    narrow(page)
    page.get_by_role("button", name="Влизам с ключ").click()
    page.wait_for_url("**/gishe/**")
    settings.ASK_AGAIN_SECONDS = 0
    page.goto("/az/vtora/kodove/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Още веднъж: вие ли сте?")
    settings.ASK_AGAIN_SECONDS = 600
    page.get_by_role("button", name="Потвърждавам с ключ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Тридесет кода на един лист")


def test_a_browser_without_keys_says_so(new_page: Callable[..., Page], clerk: User) -> None:
    page = new_page(360, 740)
    page.add_init_script("delete window.PublicKeyCredential")
    password(page, clerk)
    page.goto("/az/vtora/klyuch/")
    expect(page.get_by_text("Този браузър не работи с ключове.")).to_be_visible()


def test_the_drawing_and_the_sheet_are_whole(desk_page: Page, clerk: User) -> None:
    page = desk_page
    password(page, clerk)
    page.get_by_role("link", name="Добавям приложение").click()
    drawing = page.get_by_role("img", name="Квадрат за снимане")
    expect(drawing).to_be_visible()
    drawing.evaluate("image => image.decode()")  # raises for one that is no drawing
    page.goto("/az/vtora/kodove/")
    page.get_by_role("button", name="Показвам листа").click()
    codes = page.locator(".codes li")
    expect(codes).to_have_count(30)
    page.set_viewport_size({"width": 360, "height": 740})
    narrow(page)
    first = codes.first.inner_text()
    page.get_by_role("link", name="Листът е у мен").click()
    page.get_by_label("Един код от листа").fill(first)
    page.get_by_role("button", name="Листът е у мен").click()
    expect(page.get_by_text("Остават 29 кода.")).to_be_visible()
