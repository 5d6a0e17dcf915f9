"""A resident asks for help and follows it, in a real Chromium: with and without scripts, small and large, light
and dark, in both languages; and what the pages weigh, served as an installation serves them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalogue.models import Service
from core.clock import at, local_date
from requests.models import HelpRequest
from requests.states import RequestState
from tests import factories
from tests.requests.web import town
from tests.requests.web.measuring import Wire, axe_faults, faults
from tests.requests.web.walking import NEXT, walk
from tests.services.browser import shows_errors
from tests.services.fixtures import Process
from tests.services.serving import surroundings
from tests.sizes import looks, turn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COLD_BYTES, COLD_REQUESTS, WARM_BYTES = 30_000, 6, 4_000
OpenPage = Callable[..., Page]


@pytest.fixture
def radomir(transactional_db: None) -> None:
    town.real()


def open_by_code(page: Page, row: HelpRequest, phone: str, language: str = "") -> None:
    """As the person does it: the code from the card and the telephone."""
    page.goto(f"{language}/zayavka/")
    page.fill("[name=code]", f"{row.tracking_code[:4]} {row.tracking_code[4:]}")
    page.fill("[name=phone]", phone)
    page.click(NEXT)


def scheduled(now: datetime) -> tuple[HelpRequest, str]:
    """Somebody from Izvor whom two volunteers will visit the day after tomorrow; and their telephone."""
    phone = "0888 765 432"
    home = factories.village("Извор")
    people = [
        factories.volunteer(first, last, home="Извор") for first, last in (("Иванка", "Делева"), ("Петър", "Колев"))
    ]
    row = factories.help_request(factories.resident(home=home.name_bg, phone=phone), now=now, team=2)
    start = at(local_date(now) + timedelta(days=2), time(10, 30))
    factories.visit(row, *people, now=now, start=start)
    row.refresh_from_db()
    assert row.state == RequestState.SCHEDULED
    return row, phone


def test_without_scripts_a_resident_asks_follows_moves_and_stops(radomir: None, new_page: OpenPage) -> None:
    page = new_page(360, 740, java_script_enabled=False)
    assert [*walk(page)][-1] == "confirmation"
    row = HelpRequest.objects.get()
    assert (row.state, row.safe_word) == (RequestState.UNVERIFIED, "люляк")
    assert str(row.number) in page.inner_text(".sheet")
    page.click("text=Вижте докъде сме")
    assert page.inner_text("h1") == "Ще Ви се обадим"
    page.click("text=Друг ден ми е по-удобен")
    page.check("[name=days][value='4']")
    page.click(NEXT)
    assert [free.weekday for free in row.free_times.all()] == [4]
    page.click("text=Вече не е нужно")
    page.click("text=Да, спрете заявката")
    row.refresh_from_db()
    assert row.state == RequestState.WITHDRAWN
    assert page.inner_text("h1") == "Вече не е нужно"


def test_without_scripts_a_visit_is_confirmed_from_the_code_on_the_card(radomir: None, new_page: OpenPage) -> None:
    row, phone = scheduled(timezone.now())
    page = new_page(360, 740, java_script_enabled=False)
    open_by_code(page, row, phone)
    assert page.inner_text("h1").startswith("Ще дойдем в")
    assert "Иванка Делева" in page.inner_text(".sheet")
    assert row.safe_word not in page.content()
    assert str(row.pk) not in page.content()
    page.click("text=Да, ще съм вкъщи")
    row.refresh_from_db()
    assert row.state == RequestState.CONFIRMED
    assert page.inner_text(".tag") == "Потвърдено"


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    looks(
        [("", 360, "light"), ("/en", 1280, "dark")],
        [(language, *window) for language in ("", "/en") for window in ((360, "light"), (1280, "dark"))],
    ),
)
def test_every_page_keeps_its_promises_to_the_eye_the_hand_and_the_screen_reader(
    radomir: None, new_page: OpenPage, language: str, width: int, scheme: str
) -> None:
    # The policy of the site would refuse the inspector itself.
    page = new_page(width, 800, color_scheme=scheme, bypass_csp=True)
    found: list[str] = []
    seen = 0

    def look() -> None:
        nonlocal seen
        seen += 1
        found.extend(faults(page))
        if turn(seen, window=width == 360):
            found.extend(axe_faults(page))

    for _stop in walk(page, language):
        look()
    row, phone = scheduled(timezone.now())
    page.click("main a.btn.plain")
    look()
    page.goto(f"{language}/zayavka/")
    page.click(NEXT)
    look()
    open_by_code(page, row, phone, language)
    look()
    for path in ("drug-den", "popravka", "krai"):
        page.goto(f"{language}/zayavka/moyata/{path}/")
        look()
    page.goto(f"{language}/zayavka/moyata/kartonche/")
    found.extend(axe_faults(page))
    assert not found, "\n".join(found)
    assert seen == 17


def test_the_card_prints_on_one_small_sheet_even_with_the_longest_list_of_documents(
    radomir: None, new_page: OpenPage
) -> None:
    row, phone = scheduled(timezone.now())
    longest = max(Service.objects.all(), key=lambda service: len(", ".join(service.documents_bg)))
    HelpRequest.objects.filter(pk=row.pk).update(service=longest)
    page = new_page(1280, 900)
    open_by_code(page, row, phone)
    page.goto("/zayavka/moyata/kartonche/")
    printed = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/Type\s*/Page\b", printed)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 (\d+)[.\d]* (\d+)", printed)
    assert len(sheets) == 1
    # A5 in points
    assert abs(int(boxes[0][0]) - 420) <= 2
    assert abs(int(boxes[0][1]) - 595) <= 2


def test_what_leads_elsewhere_is_on_the_screen_and_not_on_paper(radomir: None, new_page: OpenPage) -> None:
    page = new_page(360, 740)
    for address in ("/", "/zayavka/", "/lichni-danni/", "/dostapnost/"):
        page.emulate_media(media="screen")
        page.goto(address)
        assert page.locator("nav:visible a").count() >= 2, address
        page.emulate_media(media="print")
        assert page.locator("nav:visible").count() == 0, address


def test_an_error_takes_the_focus_says_so_in_the_title_and_loses_nothing(radomir: None, new_page: OpenPage) -> None:
    page = new_page(360, 740)
    for stop in walk(page):
        if stop == "question 5 with a forbidden number":
            break
    shows_errors(page)
    assert page.input_value("[name=first_name]") == "Мария"
    assert page.input_value("[name=last_name]") == "7501020018"
    page.click(".errors a")
    expect(page.locator("[name=last_name]")).to_be_focused()


def test_a_second_press_while_the_first_is_under_way_shows_the_same_confirmation(
    radomir: None, new_page: OpenPage
) -> None:
    page = new_page(360, 740)
    for stop in walk(page):
        if stop == "check":
            break
    page.evaluate("() => { const form = document.querySelector('main form'); form.submit(); form.submit(); }")
    page.wait_for_url("**/gotovo/")
    page.wait_for_load_state("networkidle")
    assert HelpRequest.objects.count() == 1


@pytest.fixture
def served(
    radomir: None, start_process: Callable[..., Process], start_server: Callable[..., str], tmp_path: Path
) -> str:
    """The address of a server as an installation runs it: hashed and compressed files, granian, no debugging."""
    env = {**surroundings(), "STATIC_ROOT": str(tmp_path / "static")}
    collect = start_process("collect", [sys.executable, "manage.py", "collectstatic", "--noinput"], env)
    collect.wait_for("static files copied")
    return start_server({"STATIC_ROOT": str(tmp_path / "static")})


def test_a_page_weighs_little_the_first_time_and_almost_nothing_afterwards(served: str, new_page: OpenPage) -> None:
    """Bytes on the wire with headers, as Chromium counts them. Every page cold, and every step warm."""
    row, phone = scheduled(timezone.now())
    page = new_page(360, 740, base_url=served)
    wire = Wire.of(page)
    weights: dict[str, tuple[float, int, float]] = {}

    def weigh(name: str, warm: float) -> None:
        wire.forget_cache()
        page.goto(page.url)
        page.wait_for_load_state("networkidle")
        count, cold = wire.look()
        weights[name] = (cold, count, warm)

    for stop in walk(page):
        page.wait_for_load_state("networkidle")
        _count, warm = wire.look()
        if "with" in stop:
            weights[stop] = (0.0, 0, warm)
        else:
            weigh(stop, warm if stop != "home" else 0.0)
    page.goto("/zayavka/")
    page.wait_for_load_state("networkidle")
    weigh("track", wire.look()[1])
    open_by_code(page, row, phone)
    page.wait_for_load_state("networkidle")
    wire.look()
    page.goto("/zayavka/moyata/")
    page.wait_for_load_state("networkidle")
    weigh("tracking", wire.look()[1])
    lines = (f"{name:36} {cold:6.0f} B in {count}, then {warm:5.0f} B" for name, (cold, count, warm) in weights.items())
    table = "\n".join(lines)
    if path := os.environ.get("WEIGHTS"):
        Path(path).write_text(table + "\n", encoding="utf-8")
    for name, (cold, count, warm) in weights.items():
        assert cold <= COLD_BYTES, f"{name}\n{table}"
        assert count <= COLD_REQUESTS, f"{name}\n{table}"
        assert warm <= WARM_BYTES, f"{name}\n{table}"
    assert weights["tracking"][0] > 1000, "nothing was counted: the measure itself is broken"
