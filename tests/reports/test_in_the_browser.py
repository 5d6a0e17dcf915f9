"""„Справки“ in a real Chromium: at the desk, on a phone, in the dark, on paper, in both languages."""

from __future__ import annotations

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.roles import Role
from tests import factories
from tests.reports.conftest import moment
from tests.sizes import looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "spravki/?from=2026-10-01&to=2026-10-31"
SMALL = """() => [...document.querySelectorAll(
    'main a, main button, main input, main select, main summary, nav a')]
  .filter(e => e.checkVisibility() && e.type !== 'hidden')
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def radka(town):
    helper = factories.volunteer()
    for day in (5, 12, 19):
        row = town.request(factories.resident(), opened=moment(day))
        town.visit(row, helper, start=moment(day + 2, "15:00"), minutes=45, before=["NO_DEVICE"])
    town.request(factories.resident("Стоян", "Илиев", home="Друган"), opened=moment(13))
    return factories.user(Role.COORDINATOR)


@pytest.mark.parametrize(
    "width, scheme, language",
    looks([(1280, "light", ""), (360, "dark", "en/")], list(product([1280, 360], ["light", "dark"], ["", "en/"]))),
)
def test_axe_finds_nothing_every_control_can_be_hit_and_nothing_runs_off(
    new_page, sign_in, radka, width, scheme, language
):
    page = new_page(width, 900, color_scheme=scheme, bypass_csp=True)
    sign_in(page, radka)
    page.goto(f"/{language}{PAGE}")
    page.locator("summary").click()
    assert page.evaluate(SMALL) == []
    assert page.evaluate(WIDE) <= 0
    results = Axe().run(page, options={"runOnly": RULES})
    assert results.violations_count == 0, results.generate_report()


def test_at_the_desk_the_whole_table_and_all_filters_in_one_row_are_seen_without_scrolling_sideways(
    desk_page, sign_in, radka
):
    sign_in(desk_page, radka)
    desk_page.goto(f"/{PAGE}")
    hidden = "() => [...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert desk_page.evaluate(hidden) == 0
    tops = """() => [...document.querySelectorAll('form.oneline .in, form.oneline .btn')]
      .map(e => Math.round(e.getBoundingClientRect().top / 8))"""
    assert len(set(desk_page.evaluate(tops))) == 1


def test_narrowing_by_hand_and_downloading_what_is_seen(desk_page, sign_in, radka):
    sign_in(desk_page, radka)
    desk_page.goto(f"/{PAGE}")
    heading = desk_page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Отговорихме на 3 от 4 заявки")
    desk_page.get_by_label("Място").select_option(label="Друган")
    desk_page.get_by_role("button", name="Показвам").click()
    expect(heading).to_have_text("Отговорихме на 0 от 1 заявка")
    desk_page.get_by_role("link", name="По седмици").click()
    expect(heading).to_have_text("Отговорихме на 0 от 1 заявка")
    with desk_page.expect_download() as download:
        desk_page.get_by_role("link", name="CSV").click()
    written = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert written[3].startswith("2026-10-12;1;0") and written[-1].startswith("Общо;1;0")


def test_paper_shows_the_figures_and_no_controls(desk_page, sign_in, radka):
    sign_in(desk_page, radka)
    desk_page.goto(f"/{PAGE}")
    desk_page.emulate_media(media="print")
    assert not desk_page.locator("form.oneline").is_visible()
    assert desk_page.locator("nav:visible").count() == 0
    assert desk_page.locator("table").first.is_visible()
