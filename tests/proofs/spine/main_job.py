"""What the proofs of the main job share: a Radomir open around the clock, the schedule's nudges, the phone's pages."""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any, TypeVar

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from config.celery import app
from core.clock import local_date
from notifications.models import Contact, Message
from notifications.states import MessageState
from places.models import Municipality, MunicipalityRules
from requests.models import HelpRequest, Offer, Visit
from requests.services import visit_changes, visits
from requests.services.actors import staff
from requests.states import RequestState, Source
from tests import factories
from tests.requests.web import town
from tests.requests.web.walking import IZVOR
from volunteers.models import Volunteer

T = TypeVar("T")
ALL_WEEK = tuple((weekday, 0, 23) for weekday in range(7))
PATIENCE_SECONDS = 90.0
NUDGE_SECONDS = 1.0
POLL_SECONDS = 0.1


def morning_comes(contact: Contact) -> None:
    """Whatever the hour is: the person may be told now, and what waited for that is due."""
    Contact.objects.filter(pk=contact.pk).update(quiet_until=F("quiet_from"), on_free_days=True)
    Message.objects.filter(contact=contact, state=MessageState.QUEUED, due_at__gt=timezone.now()).exclude(
        kind__contains="tomorrow"
    ).exclude(kind="visit_soon").update(due_at=timezone.now())


def around_the_clock(*, first_visit_by_two: bool) -> Municipality:
    """The real 32 settlements, visited at every hour of every day: the proof holds whenever it runs."""
    municipality = town.real()
    MunicipalityRules.objects.update_or_create(
        municipality=municipality,
        defaults={
            "visiting_from": time(0, 0),
            "visiting_to": time(23, 59),
            "visits_on_sunday": True,
            "visits_on_holidays": True,
            "first_visit_by_two": first_visit_by_two,
        },
    )
    return municipality


def ready(first: str, last: str, home: str = "Извор") -> Volunteer:
    return factories.volunteer(first, last, home=home, hours=ALL_WEEK)


def until(condition: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """Send what beat's schedule names, as beat does and only sooner, until the worker has brought it about."""
    deadline = clock.monotonic() + seconds
    nudged = 0.0
    while not (found := condition()):
        now = clock.monotonic()
        assert now < deadline, "the worker never brought it about"
        if now - nudged >= NUDGE_SECONDS:
            nudged = now
            for entry in app.conf.beat_schedule.values():
                app.send_task(entry["task"])
        clock.sleep(POLL_SECONDS)
    return found


def taken_at_the_desk(page: Page, *, typed: str, safe_word: str) -> HelpRequest:
    """A known person calls: found as one types, chosen, the service and the word, all from the keyboard."""
    page.goto(reverse("requests:desk"))
    page.keyboard.type(typed)
    page.wait_for_selector("#found [data-choose='1']")
    page.keyboard.press("1")
    page.wait_for_url("**person=**")
    _say_what(page, safe_word)
    return _recorded(page)


def taken_from_somebody_new(page: Page, *, first: str, last: str, phone: str, safe_word: str) -> HelpRequest:
    page.goto(reverse("requests:desk"))
    page.keyboard.press("F4")
    page.wait_for_selector("[name=new-first_name]")
    page.fill("[name=new-first_name]", first)
    page.fill("[name=new-last_name]", last)
    page.fill("[name=new-phone]", phone)
    page.select_option("[name=new-settlement]", IZVOR)
    page.fill("[name=new-address_note]", "до чешмата, синя порта")
    _say_what(page, safe_word)
    return _recorded(page)


def _say_what(page: Page, safe_word: str) -> None:
    page.select_option("[name=service]", "ASP_HEAT")
    page.fill("[name=safe_word]", safe_word)
    page.keyboard.press("Control+Enter")


def _recorded(page: Page) -> HelpRequest:
    page.wait_for_selector("h1:has-text('Записана е')")
    row = HelpRequest.objects.get()
    assert str(row.number) in page.inner_text("h1")
    assert (row.state, row.service_id, row.source) == (RequestState.OPEN, "ASP_HEAT", Source.PHONE)
    return row


def phoned(page: Page, row: HelpRequest) -> None:
    """On the clerk's page of people to phone: the number to dial, and after the call „Вярно е, търсим“."""
    page.goto(reverse("requests:calls"))
    assert page.locator(f"main a[href='tel:{row.resident.contact.phone}']").count() == 1
    page.click("main button:has-text('Вярно е, търсим')")
    page.wait_for_selector("h1:has-text('Сега никой не чака обаждане')")
    row.refresh_from_db()
    assert row.state == RequestState.OPEN


def invited(row: HelpRequest, volunteer: Volunteer) -> Offer:
    """The offer the plan made to this volunteer."""
    return until(lambda: Offer.objects.live().filter(help_request=row, volunteer=volunteer).first())


def accepts(page: Page, offer: Offer) -> None:
    """On the phone: from the list to the offer, two taps. Name and telephone only after the second."""
    resident = offer.help_request.resident
    page.goto(reverse("requests:my_offers"))
    page.click(f"main h2 a[href='{reverse('requests:offer', args=[offer.pk])}']")
    assert "Извор" in page.inner_text("h1")
    for secret in (resident.last_name, resident.contact.phone, resident.address_note, offer.help_request.safe_word):
        assert secret not in page.content()
    page.click("button:has-text('Приемам')")
    page.wait_for_url("**/poseshtenie/**")
    assert resident.name in page.inner_text("main")
    assert page.get_attribute("main a[href^='tel:']", "href") == f"tel:{resident.contact.phone}"


def bring_near(row: HelpRequest, coordinator: Any) -> Visit:
    """Nobody can check in half a day early: a far hour is agreed anew by the desk, for an hour from now."""
    visit = Visit.objects.live().get(help_request=row)
    now = timezone.now()
    if visit.start > now + visits.EARLIEST_CHECK_IN - timedelta(minutes=2):
        visit_changes.move(visit_id=visit.pk, start=now + timedelta(hours=1), actor=staff(coordinator), now=now)
        visit.refresh_from_db()
    return visit


def visits_and_tells(page: Page, visit: Visit, *, outcome: str, minutes: str = "") -> None:
    """At the door: the word, the check-in; then outcome, difficulties before and after, minutes, the end."""
    page.goto(reverse("requests:visit", args=[visit.pk]))
    assert visit.help_request.safe_word in page.inner_text("main .note >> nth=0")
    page.click("button:has-text('На място съм')")
    page.wait_for_selector("button:has-text('Приключвам посещението')")
    visit.refresh_from_db()
    assert visit.checked_in_at is not None
    page.check(f"[name=outcome][value={outcome}]")
    page.click("summary:has-text('Какво пречеше')")
    page.check("[name=before][value=NO_DEVICE]")
    page.check("[name=before][value=NO_EID]")
    page.click("summary:has-text('Какво още')")
    page.check("[name=after][value=NO_EID]")
    if minutes:
        page.fill("[name=minutes]", minutes)
    page.click("button:has-text('Приключвам посещението')")
    page.wait_for_url(f"**{reverse('requests:my_today')}")


def report_rows(page: Page, group: str) -> dict[str, list[str]]:
    """Label → figures of each row of the coordinator's report, up to tomorrow: a late visit may end after midnight."""
    last = local_date(timezone.now()) + timedelta(days=1)
    page.goto(f"{reverse('reports:assignments')}?group={group}&to={last.isoformat()}")
    rows = page.locator("main table.dense >> nth=0").locator("tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}


def counts(page: Page, *, settlement: str, service: str, people: list[str], offers: int, minutes: int) -> None:
    """One request, answered, one visit settled, with its minutes, under each of the report's four groups."""
    by_place, by_service, by_week = (report_rows(page, group) for group in ("settlement", "service", "week"))
    assert list(by_place) == [settlement]
    assert list(by_service) == [service]
    for figures in (by_place[settlement], by_service[service]):
        requests, answered, _bar, asked, accepted, _wait, _nine, seen, settled, stopped, spent = figures
        assert (requests, answered, asked, accepted) == ("1", "1", str(offers), "100\u00a0%")
        assert (seen, settled, stopped, spent) == ("1", "1", "0", str(minutes))
    assert sum(int(figures[7]) for figures in by_week.values()) == 1
    by_person = report_rows(page, "volunteer")
    assert {name: figures[7] for name, figures in by_person.items()} == dict.fromkeys(people, "1")
