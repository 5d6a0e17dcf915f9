"""On a telephone the rows of the wide tables are compact cards: everything is seen without sideways scrolling."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from accounts.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INSIDE = "() => { const box = document.querySelector('.scroll'); return box.scrollWidth - box.clientWidth }"
TALLEST = "() => Math.max(...[...document.querySelectorAll('.cards tbody tr')].map(e => e.offsetHeight))"


@pytest.mark.parametrize(("path", "columns"), [("/plan/zayavki/", 6), ("/dobrovoltsi/", 5)])
def test_a_row_is_a_low_card(path: str, columns: int, new_page, sign_in, live_server) -> None:
    make.help_request(now=timezone.now())
    make.volunteer(groups=("SOCIAL", "HEALTH"))
    page = new_page(360, 780)
    sign_in(page, make.user(Role.COORDINATOR))
    page.goto(live_server.url + path)
    assert page.locator(".cards tbody tr").count() == 1
    assert page.evaluate(INSIDE) <= 0
    assert page.evaluate(TALLEST) <= 300
    # Still a table for whoever hears the page.
    assert page.get_by_role("row").count() == 2 and page.get_by_role("columnheader").count() == columns
    found = Axe().run(page).response["violations"]
    assert not found, [one["id"] for one in found]
