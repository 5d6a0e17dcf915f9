"""On a telephone the desk's menu is one row that slides; where one is stands in it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = "() => new Set([...document.querySelectorAll('.menu a')].map(e => e.offsetTop)).size"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SEEN = """() => { const here = document.activeElement.getBoundingClientRect();
    return here.left >= 0 && here.right <= innerWidth }"""


def test_the_menu_is_one_row_and_its_last_entry_is_reached_by_keyboard(new_page, sign_in, live_server) -> None:
    page = new_page(360, 740)
    sign_in(page, make.user(Role.COORDINATOR))
    page.goto(live_server.url + "/plan/")
    entries = page.locator(".menu a")
    assert entries.count() >= 6 and page.evaluate(ROWS) == 1 and page.evaluate(SIDEWAYS) <= 0
    assert page.locator(".menu").bounding_box()["height"] < 70
    entries.last.focus()
    assert page.evaluate(SEEN), "who goes there by keyboard sees where"
    found = Axe().run(page).response["violations"]
    assert not found, [one["id"] for one in found]
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate(ROWS) == 1 and page.evaluate(SIDEWAYS) <= 0
