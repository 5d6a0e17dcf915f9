"""The pages of this room in a real Chromium: boxes large enough to touch, nothing wider than the phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.clock import local_date
from tests.services.browser import shows_errors
from volunteers.models import Volunteer
from volunteers.services import availability, certifications

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = """() => [...document.querySelectorAll(
    'main a, main button, main input, main select, main textarea, main summary, nav a')]
  .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.classList.contains('skip'))
  .map(e => (e.matches('[type=radio],[type=checkbox]') ? e.closest('label') : e))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PROOFS: list[tuple[str, str]] = [
    ("phone", "/dobrovoltsi/az/"),
    ("phone", "/narachnik/"),
    ("phone", "/narachnik/frauds/"),
]


def fits(page) -> None:
    assert page.evaluate(WIDE) <= 0
    assert page.evaluate(SMALL) == []


def open_all(page) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.fixture
def full(ivanka, kamen, heating, now) -> Volunteer:
    today = local_date(timezone.now())
    certifications.grant(
        volunteer=ivanka, service_group=heating, granted_by=kamen.user, valid_until=date(2029, 1, 1), now=now
    )
    spans = [(0, time(9), time(12)), (2, time(14), time(18))]
    availability.set_weekly_hours(volunteer=ivanka, spans=spans, now=timezone.now())
    first = today + timedelta(days=3)
    availability.add_absence(volunteer=ivanka, first=first, last=first + timedelta(days=4), now=timezone.now())
    return ivanka


def test_applying_on_a_phone_without_javascript(new_page: Callable, izvor, heating):
    page = new_page(360, 740, java_script_enabled=False)
    page.goto("/dobrovoltsi/stanete/")
    page.get_by_label("Име", exact=True).fill("Иванка")
    page.get_by_label("Телефон").fill("0888 123 456")
    page.get_by_label("Къде живеете").select_option(label="с.\u00a0Извор")
    page.get_by_text("Помощи").click()
    page.get_by_role("button", name="Искам да помагам").click()
    expect(page).to_have_title(re.compile("^Грешка:"))
    page.get_by_role("link", name="Напишете фамилията си.").click()
    page.get_by_label("Фамилия").fill("Делева")
    page.get_by_role("button", name="Искам да помагам").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Благодарим ви"
    assert Volunteer.objects.get().name == "Иванка Делева"


def test_the_application_fits_a_phone_and_its_errors_take_the_focus(phone_page, izvor, heating):
    phone_page.goto("/dobrovoltsi/stanete/")
    fits(phone_page)
    phone_page.get_by_role("button", name="Искам да помагам").click()
    shows_errors(phone_page)
    fits(phone_page)


@pytest.mark.parametrize("kind, path", PROOFS)
def test_a_volunteer_s_pages_fit_a_phone(kind, path, phone_page, sign_in, full):
    sign_in(phone_page, full.user)
    phone_page.goto(path)
    fits(phone_page)
    open_all(phone_page)
    fits(phone_page)


def test_hours_are_added_with_a_thumb(phone_page, sign_in, full):
    sign_in(phone_page, full.user)
    phone_page.goto("/dobrovoltsi/az/")
    phone_page.get_by_text("Добавям часове").click()
    phone_page.get_by_text("петък", exact=True).click()
    form = phone_page.locator("form", has_text="Записвам часовете")
    form.get_by_label("От", exact=True).fill("10:00")
    form.get_by_label("До", exact=True).fill("13:00")
    form.get_by_role("button", name="Записвам часовете").click()
    phone_page.get_by_text("Записахме часовете.").wait_for()
    assert full.weekly_hours.filter(weekday=4, start=time(10), end=time(13)).exists()


def test_the_coordinator_s_pages_fit_the_desk(desk_page, sign_in, full, boris, kamen):
    sign_in(desk_page, kamen.user)
    for path in ("/dobrovoltsi/", f"/dobrovoltsi/{full.pk}/", f"/dobrovoltsi/{full.pk}/chasove/"):
        desk_page.goto(path)
        open_all(desk_page)
        fits(desk_page)
