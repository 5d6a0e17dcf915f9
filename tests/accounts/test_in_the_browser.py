"""The sign-in and settings pages as they stand in a real Chromium, on a desk's screen and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Invitation, Membership
from places.models import HelpPoint, LocalHoliday, Municipality, Settlement
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL_CONTROLS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea')]
  .map(one => {
    const row = one.closest('label.choice') || one;
    const box = row.getBoundingClientRect();
    return [one.outerHTML.slice(0, 90), Math.round(box.width), Math.round(box.height)];
  })
  .filter(([what, wide, tall]) => wide && !what.includes('class="skip"') && (wide < 47.5 || tall < 47.5))"""

PAGES = [
    "accounts:settings",
    "accounts:desk",
    "accounts:rules",
    "accounts:help-points",
    "accounts:help-point-new",
    "accounts:holidays",
    "accounts:coverage",
    "accounts:staff",
    "accounts:invite",
    "accounts:tokens",
    "accounts:me",
]


@pytest.fixture
def furnished(radomir: Municipality) -> None:
    village = Settlement.objects.create(ekatte="32591", kind="village", name_bg="Извор", municipality=radomir)
    point = HelpPoint.objects.create(
        municipality=radomir, settlement=village, kind="chitalishte", name_bg="Читалище „Светлина“"
    )
    point.opening_hours.create(weekday=0, opens="08:30", closes="12:00")
    LocalHoliday.objects.create(municipality=radomir, date="2099-05-06", name_bg="Празник на Радомир")


def test_every_control_is_large_enough_and_no_page_is_wider_than_its_window(
    furnished: None, ana: Membership, alisa: Membership, new_page: Callable[..., Any], sign_in: Callable[..., None]
) -> None:
    small: dict[str, Any] = {}
    wide: list[str] = []
    for width, height in ((1280, 900), (360, 740)):
        page = new_page(width, height)
        sign_in(page, ana.user)
        for name in PAGES:
            page.goto(reverse(name))
            assert page.locator("h1").count() == 1, name
            if found := page.evaluate(SMALL_CONTROLS):
                small[f"{name} {width}"] = found
            if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(f"{name} {width}")
    assert small == {}
    assert wide == []


def test_an_invited_clerk_comes_in_from_the_link_alone(
    ana: Membership, new_page: Callable[..., Any], sign_in: Callable[..., None]
) -> None:
    desk = new_page()
    sign_in(desk, ana.user)
    desk.goto(reverse("accounts:invite"))
    desk.get_by_label("Име и фамилия").fill("Галя Колева")
    desk.get_by_label("Имейл").fill("galya@primer.bg")
    desk.get_by_text("гише", exact=True).click()
    desk.get_by_role("button", name="Каня").click()
    link = desk.get_by_label("Връзка за вход").input_value()
    at_home = new_page(360, 740)
    at_home.goto("/dostap/" + link.rsplit("/dostap/", 1)[1])
    at_home.get_by_label("Нова парола").fill("къса")
    at_home.get_by_role("button", name="Приемам").click()
    at_home.wait_for_selector(".errors")
    assert at_home.title().startswith("Грешка:")
    at_home.get_by_label("Нова парола").fill(PASSWORD)
    at_home.get_by_role("button", name="Приемам").click()
    at_home.goto(reverse("accounts:me"))
    assert at_home.locator("h1").inner_text() == "Галя Колева"
    assert Invitation.objects.get().accepted_at is not None


def test_the_sign_in_page_works_without_a_mouse(alisa: Membership, new_page: Callable[..., Any]) -> None:
    page = new_page(360, 740)
    page.goto(reverse("account_login"))
    assert page.evaluate(SMALL_CONTROLS) == []
    page.get_by_label("Имейл").focus()
    page.keyboard.type("alisa@primer.bg")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/vhod/" not in url or "nachalo" in url)
    page.goto(reverse("accounts:me"))
    assert page.locator("h1").inner_text() == "Alisa"
