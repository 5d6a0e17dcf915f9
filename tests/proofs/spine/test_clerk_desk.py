"""A clerk with the receiver at her ear: the request of a known person within a minute, by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from requests.models import HelpRequest
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
MOST_KEYS = 30
MOST_FIELDS, MOST_REQUIRED = 9, 5


class Keys:
    """Presses keys and counts those that are not the person's own words."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def words(self, text: str) -> None:
        self.page.keyboard.type(text)


def choose_heating(desk: Page, keys: Keys) -> None:
    """By the arrows: the test's keyboard cannot type Cyrillic letters into a list, as a person's does."""
    for _entry in range(3):
        if desk.locator("#id_service").input_value() == "ASP_HEAT":
            return
        keys.press("ArrowDown")


@pytest.fixture
def desk(desk_page: Page, sign_in: Callable[[Page, Any], None]) -> Page:
    make.service("NAP_HEALTH_STATUS", group_code="HEALTH", name_bg="Здравноосигурителен статус")
    make.service()
    sign_in(desk_page, make.user("clerk"))
    return desk_page


def test_a_known_person_takes_few_keys_and_no_mouse(desk: Page) -> None:
    make.resident("Марин", "Петров", home="Дрен")
    known = make.resident()
    desk.goto("/gishe/")
    keys = Keys(desk)
    keys.words("maria petrva")
    expect(desk.get_by_role("link", name="Мария Петрова")).to_be_visible()
    keys.press("1")
    desk.wait_for_url("**person=**")
    expect(desk.locator("#id_service")).to_be_focused()
    choose_heating(desk, keys)
    keys.press("Tab", "Tab", "Tab", "Tab")
    expect(desk.locator("#id_when")).to_be_focused()
    keys.words("вт, чт преди обед")
    keys.press("Tab")
    keys.words("люляк")
    keys.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Записана е")
    row = HelpRequest.objects.get()
    assert (row.resident, row.service_id, row.safe_word) == (known, "ASP_HEAT", "люляк")
    assert sorted(row.free_times.values_list("weekday", flat=True)) == [1, 3]
    assert keys.count <= MOST_KEYS


def test_a_new_person_is_taken_from_the_keyboard(desk: Page) -> None:
    make.municipality()
    desk.goto("/gishe/")
    keys = Keys(desk)
    keys.press("F4")
    for text in ("Гена", "", "Радева", "0888765432"):
        keys.words(text)
        keys.press("Tab")
    keys.press("ArrowDown")
    desk.locator("#id_service").focus()
    choose_heating(desk, keys)
    for _field in range(5):
        keys.press("Tab")
    keys.words("чешма")
    keys.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Записана е")
    assert HelpRequest.objects.get().resident.full_name == "Гена Радева"


def test_the_page_is_dense_but_not_more_than_promised(desk: Page) -> None:
    known = make.resident()
    make.help_request(known)
    desk.goto(f"/gishe/?person={known.pk}")
    names = "select, input:not([type=hidden]), textarea"
    seen = desk.evaluate(
        """(names) => [...new Set([...document.querySelectorAll('#take ' + names.split(', ').join(', #take '))]
            .filter((one) => one.getClientRects().length && !one.closest('[hidden]')).map((one) => one.name))]""",
        names,
    )
    assert len(seen) <= MOST_FIELDS, seen
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert desk.evaluate("document.documentElement.scrollHeight") <= 900, "fits 1280 × 900 without scrolling"
    faults = Axe().run(desk, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert faults.violations_count == 0, faults.generate_report()


def test_a_twin_is_warned_of_and_both_ways_out_work(desk: Page) -> None:
    known = make.resident()
    first = make.help_request(known)
    desk.goto(f"/gishe/?person={known.pk}")
    choose_heating(desk, Keys(desk))
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Вече има такава заявка")).to_be_visible()
    expect(desk.get_by_role("button", name="Различна е")).to_be_focused()
    expect(desk.get_by_role("link", name="Отварям я")).to_have_attribute("href", f"/zayavki/{first.pk}/")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Записана е")
    assert HelpRequest.objects.count() == 2


def test_without_scripts_the_person_is_found_and_the_request_taken(
    new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None]
) -> None:
    make.service()
    make.resident()
    page = new_page(java_script_enabled=False)
    sign_in(page, make.user("clerk"))
    page.goto("/gishe/")
    page.fill("#q", "Петрова")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Мария Петрова").click()
    page.select_option("#id_service", "ASP_HEAT")
    page.fill("#id_safe_word", "бъз")
    page.get_by_role("button", name="Записвам").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Записана е")
