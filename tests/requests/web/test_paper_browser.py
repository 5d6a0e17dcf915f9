"""The sheets as a printer gets them: letters of 20 pt and more for the person, A4, nothing of the screen on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from core.clock import local_date
from requests.models import Visit
from tests import factories as make
from tests.requests.web.measuring import axe_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
POINT = 96 / 72
SMALLEST = """() => {
  const sizes = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    if (node.data.trim() && parent.checkVisibility() && !parent.closest('.vh'))
      sizes.push([parseFloat(getComputedStyle(parent).fontSize), node.data.trim().slice(0, 40)]);
  }
  return sizes.sort((a, b) => a[0] - b[0])[0];
}"""
COLOURS = """() => [...document.querySelectorAll('main, main *')].filter(e => e.checkVisibility())
  .map(e => getComputedStyle(e).color).filter(c => !DARK.includes(c))""".replace(
    "DARK", "['rgb(0, 0, 0)', 'rgb(51, 51, 51)', 'rgb(143, 36, 40)']"
)
A4 = (595, 842)


@pytest.fixture
def visit() -> Visit:
    now = timezone.now()
    service = make.service()
    service.documents_bg = ["лична карта", "решение за пенсия", "сметка за ток от последния месец", "банкова сметка"]
    service.save()
    row = make.help_request(make.resident("Станимира", "Константинова"), now=now, team=2, service=service)
    return make.visit(row, make.volunteer(), make.volunteer("Петър", "Колев"), now=now)


@pytest.fixture
def clerk(new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None]) -> Callable[..., Page]:
    def opened(**options: Any) -> Page:
        page = new_page(**options)
        sign_in(page, make.user(Role.CLERK))
        return page

    return opened


def pages_of(pdf: bytes) -> tuple[int, set[tuple[int, int]]]:
    """How many pages, and the sizes in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    counts = [int(number) for number in re.findall(rb"/Type\s*/Pages.*?/Count\s+(\d+)", pdf, re.S)]
    return max(counts), {(round(float(width)), round(float(height))) for width, height in boxes}


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_persons_card_is_one_sheet_in_letters_of_20_points_and_more(
    clerk: Callable[..., Page], visit: Visit, scheme: str
) -> None:
    page = clerk(color_scheme=scheme)
    page.goto(reverse("requests:paper_card", args=[visit.help_request_id]))
    page.emulate_media(media="print", color_scheme=scheme)
    size, words = page.evaluate(SMALLEST)
    assert size >= 20 * POINT - 0.05, words
    assert page.evaluate(COLOURS) == []
    expect(page.get_by_text("Отпечатайте с Ctrl и P")).to_be_hidden()
    assert pages_of(printed(page)) == (1, {A4})


def test_the_kmetstvos_day_has_its_outcome_sheets_behind_it(clerk: Callable[..., Page], visit: Visit) -> None:
    page = clerk()
    day = local_date(visit.start).isoformat()
    page.goto(reverse("requests:paper_run", args=[make.village().pk, day]))
    page.emulate_media(media="print")
    assert page.evaluate(SMALLEST)[0] >= 12 * POINT
    assert pages_of(printed(page)) == (2, {A4})
    page.goto(reverse("requests:paper_outcome", args=[visit.help_request_id]))
    page.emulate_media(media="print")
    assert pages_of(printed(page)) == (1, {A4})


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)])
def test_on_the_screen_they_are_pages_like_all_others(
    clerk: Callable[..., Page], visit: Visit, width: int, height: int
) -> None:
    page = clerk(width=width, height=height)
    day = local_date(visit.start).isoformat()
    for address in (
        reverse("requests:paper_card", args=[visit.help_request_id]),
        reverse("requests:paper_outcome", args=[visit.help_request_id]),
        reverse("requests:paper_run", args=[make.village().pk, day]),
        reverse("requests:paper_sheets"),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address
        assert axe_faults(page) == [], address


def test_from_the_request_to_the_sheet_and_back(clerk: Callable[..., Page], visit: Visit) -> None:
    page = clerk()
    page.goto(reverse("requests:detail", args=[visit.help_request_id]))
    page.get_by_role("link", name="Едър шрифт").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ще дойдем при Вас")
    page.get_by_role("link", name=re.compile("Заявка № ")).click()
    page.get_by_role("link", name="Лист за отчет").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Отчет за посещение")
