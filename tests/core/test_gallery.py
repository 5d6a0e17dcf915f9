"""The design system in a real Chromium: sizes of controls, zoom, contrast, both schemes, without and with scripts."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from core.headers import POLICY
from tests.core import gallery

pytestmark = pytest.mark.browser

ADDRESS = "http://gallery.test/"
WIDTHS = [(320, 256), (360, 740), (1280, 900)]  # the first is 1280 × 1024 at 400 %
SMALL = """() => [...document.querySelectorAll('a, button, input, select, textarea')].filter(e => {
  const r = (e.closest('.choice, .seg label') || e).getBoundingClientRect();
  return !e.hidden && e.type !== 'hidden' && !e.classList.contains('skip') && (r.width < 48 || r.height < 48);
}).map(e => e.outerHTML.slice(0, 80))"""

SIZES = """() => [...document.querySelectorAll('main *, footer *')].filter(e => !e.closest('.vh') &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
).map(e => parseFloat(getComputedStyle(e).fontSize))"""


@pytest.fixture
def show(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`show(kind, width, height, **options)`: a gallery page in a window of its own, under the site's policy."""
    contexts = []
    complaints: list[str] = []

    def open_page(kind: str, width: int = 360, height: int = 740, html: str = "", **options: Any) -> Page:
        body = html or gallery.page(kind)

        def answer(route: Route) -> None:
            name = route.request.url.removeprefix(ADDRESS)
            if not name:
                headers = {"Content-Security-Policy": POLICY}
                route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)
                return
            path = finders.find(name.removeprefix("static/"))
            assert path, name
            route.fulfill(path=Path(str(path)), content_type=mimetypes.guess_type(str(path))[0])

        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.route("**/*", answer)
        page.goto(ADDRESS)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


# A new window costs a second of processor time; one that is resized or changes its scheme, a tenth.
@pytest.mark.parametrize("kind", ["parts", "question", "phone"])
def test_every_control_can_be_hit_and_nothing_runs_off_the_page(show, kind):
    page = show(kind)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        assert page.evaluate("window.innerWidth") == width
        assert page.evaluate(SMALL) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", ["parts", "question", "phone"])
def test_axe_finds_nothing_in_either_scheme(show, kind):
    # The policy of the site would refuse the inspector itself.
    page = show(kind, bypass_csp=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
        results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"


def test_the_error_summary_has_the_focus_and_a_message_can_be_closed(show):
    page = show("parts")
    assert page.evaluate("document.activeElement.className") == "errors flow"
    page.get_by_role("button", name="Затворете").click()
    assert page.locator(".toast").count() == 0


def test_without_scripts_no_button_is_shown_that_does_nothing(show):
    page = show("parts", java_script_enabled=False)
    assert page.locator(".toast").count() == 1
    assert not page.get_by_role("button", name="Затворете").is_visible()


def test_where_colours_are_forced_states_still_differ_by_form(show):
    page = show("parts", forced_colors="active")
    fill = "e => getComputedStyle(e, '::before').backgroundColor"
    agreed, waiting = page.locator(".tag").nth(0).evaluate(fill), page.locator(".tag.wait").evaluate(fill)
    assert agreed != waiting
    button = page.locator(".btn").first
    colours = button.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
    assert colours[0] != colours[1]


def test_text_is_large_enough_for_residents_and_in_drawings(show):
    page = show("question")
    sizes = page.evaluate(SIZES)
    assert min(sizes) >= 18
    phone = show("phone")
    scale = phone.evaluate("() => { const m = document.querySelector('.map'); return m.getScreenCTM().a }")
    assert 15 * scale >= 14


def test_no_name_on_the_board_is_clipped(show):
    page = show("parts", 1280, 900)
    for name in ("Червена могила", "Долни Раковец"):
        cell = page.locator(".board .v", has_text=name)
        assert cell.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight"), name


def test_the_card_fits_one_sheet_of_a5(show):
    page = show("card", html=gallery.page("card", messages=[]))
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1
    assert b"/MediaBox [0 0 419" in sheet or b"/MediaBox [0 0 420" in sheet
