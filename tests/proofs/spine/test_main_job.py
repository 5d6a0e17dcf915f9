"""The main job in a real Chromium, through a real worker on PostgreSQL and Redis.

A clerk takes Баба Мария's request for the heating benefit in Извор, planning offers it, a volunteer accepts on the
phone, checks in and records the outcome, and the coordinator's report counts it. So does a visit by two, and a
request from the web that is first phoned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from accounts.roles import Role
from catalogue.models import Service
from notifications.models import DeskTask, Message
from notifications.states import MessageState, TaskKind
from planning.models import PlanRound
from requests.models import HelpRequest, Offer, Visit, VisitDifficulty
from requests.states import Outcome, RequestState, Source, VisitState
from tests import factories
from tests.proofs.spine import main_job
from tests.requests.web.walking import IZVOR, NEXT
from tests.services.fixtures import Process

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
OpenFor = Callable[[Any], Page]
SignIn = Callable[[Page, Any], None]
ALWAYS_OFFERED = "NAP_HEALTH_STATUS"
PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}


@pytest.fixture
def planner(start_worker: Callable[..., Process]) -> Process:
    """A worker with two children that plans quickly: the problems here are small."""
    return start_worker(concurrency=2)


@pytest.fixture
def phone_of(new_page: OpenPage, sign_in: SignIn) -> OpenFor:
    """A volunteer's own phone: a window with cookies of its own."""

    def open_phone(volunteer: Any) -> Page:
        page = new_page(**PHONE)
        sign_in(page, volunteer.user)
        return page

    return open_phone


@pytest.fixture
def desk_of(new_page: OpenPage, sign_in: SignIn) -> OpenFor:
    """A member of staff at the municipality's computer."""

    def open_desk(user: User) -> Page:
        page = new_page(1280, 900)
        sign_in(page, user)
        return page

    return open_desk


def told(kind: str, contact: Any) -> None:
    """The worker carries the message out after the commit, at night when the morning comes."""
    main_job.morning_comes(contact)
    rows = Message.objects.filter(kind=kind, contact=contact, state=MessageState.SENT).exclude(sent_at=None)
    main_job.until(rows.first)


def ended(row: HelpRequest, visit: Visit) -> None:
    row.refresh_from_db()
    visit.refresh_from_db()
    assert (row.state, row.outcome) == (RequestState.CLOSED, Outcome.SUBMITTED)
    assert (visit.state, visit.outcome, visit.minutes) == (VisitState.DONE, Outcome.SUBMITTED, 40)
    found = VisitDifficulty.objects.filter(visit=visit).values_list("difficulty_id", "phase")
    assert sorted(found) == [("NO_DEVICE", "before"), ("NO_EID", "after"), ("NO_EID", "before")]


def test_a_clerk_takes_it_one_volunteer_goes_and_the_report_counts_it(
    planner: Process, phone_of: OpenFor, desk_of: OpenFor
) -> None:
    main_job.around_the_clock(first_visit_by_two=False)
    clerk, coordinator = factories.user(Role.CLERK), factories.user(Role.COORDINATOR)
    ivanka = main_job.ready("Иванка", "Делева")
    factories.resident("Мария", "Петрова", home="Извор")
    row = main_job.taken_at_the_desk(desk_of(clerk), typed="petrova", safe_word="люляк")
    offer = main_job.invited(row, ivanka)
    told("offer_made", ivanka.contact)
    phone = phone_of(ivanka)
    main_job.accepts(phone, offer)
    row.refresh_from_db()
    assert row.state == RequestState.SCHEDULED
    told("visit_scheduled", row.resident.contact)
    visit = main_job.bring_near(row, coordinator)
    main_job.visits_and_tells(phone, visit, outcome=Outcome.SUBMITTED, minutes="40")
    ended(row, visit)
    main_job.counts(
        desk_of(coordinator), settlement="Извор", service=row.service.short, people=[ivanka.name], offers=1, minutes=40
    )


def test_a_first_visit_is_made_by_two(planner: Process, phone_of: OpenFor, desk_of: OpenFor) -> None:
    main_job.around_the_clock(first_visit_by_two=True)
    clerk, coordinator = factories.user(Role.CLERK), factories.user(Role.COORDINATOR)
    ivanka, petar = main_job.ready("Иванка", "Делева"), main_job.ready("Петър", "Колев")
    row = main_job.taken_from_somebody_new(
        desk_of(clerk), first="Мария", last="Петрова", phone="0888 123 456", safe_word="люляк"
    )
    assert row.team == 2
    hers, his = (main_job.invited(row, person) for person in (ivanka, petar))
    assert {hers.seat, his.seat} == {1, 2}
    assert (hers.start, hers.end) == (his.start, his.end)
    first, second = phone_of(ivanka), phone_of(petar)
    main_job.accepts(first, hers)
    row.refresh_from_db()
    assert row.state == RequestState.PARTLY_STAFFED
    assert "Още няма втори човек" in first.inner_text("main")
    assert first.locator("button:has-text('На място съм')").count() == 0
    main_job.accepts(second, his)
    row.refresh_from_db()
    assert row.state == RequestState.SCHEDULED
    visit = main_job.bring_near(row, coordinator)
    first.reload()
    assert petar.name in first.inner_text("main")
    main_job.visits_and_tells(second, visit, outcome=Outcome.SUBMITTED, minutes="40")
    ended(row, visit)
    # The other one's page shows the end as well: nothing is asked twice.
    first.reload()
    assert first.locator("button:has-text('Приключвам')").count() == 0
    both = [ivanka.name, petar.name]
    main_job.counts(
        desk_of(coordinator), settlement="Извор", service=row.service.short, people=both, offers=2, minutes=40
    )


def ask_on_the_web(page: Page) -> HelpRequest:
    """Баба Мария's neighbour's tablet: six questions, without scripts."""
    page.goto("/")
    page.click("main a.btn")
    page.check(f"input[value={ALWAYS_OFFERED}]")
    page.click(NEXT)
    page.check("input[value=HOME_VISIT]")
    page.click(NEXT)
    page.select_option("[name=settlement]", IZVOR)
    page.fill("[name=how_to_find]", "до чешмата, синя порта")
    page.click(NEXT)
    page.check("input[name=days][value=any]")
    page.click(NEXT)
    page.check("input[value=self]")
    page.fill("[name=first_name]", "Мария")
    page.fill("[name=last_name]", "Петрова")
    page.fill("[name=phone]", "0888 123 456")
    page.click(NEXT)
    page.fill("[name=safe_word]", "люляк")
    page.click(NEXT)
    page.click(NEXT)
    page.wait_for_url("**/gotovo/")
    row = HelpRequest.objects.get()
    assert str(row.number) in page.inner_text(".sheet")
    return row


def test_a_request_from_the_web_is_first_phoned(
    planner: Process, phone_of: OpenFor, desk_of: OpenFor, new_page: OpenPage
) -> None:
    main_job.around_the_clock(first_visit_by_two=False)
    clerk, coordinator = factories.user(Role.CLERK), factories.user(Role.COORDINATOR)
    ivanka = main_job.ready("Иванка", "Делева")
    # What the public page offers depends on the season; this one is always there.
    factories.certify(ivanka, Service.objects.get(pk=ALWAYS_OFFERED).group_id)
    row = ask_on_the_web(new_page(**PHONE, java_script_enabled=False))
    assert (row.state, row.source) == (RequestState.UNVERIFIED, Source.WEB)
    task = DeskTask.objects.open().get(kind=TaskKind.VERIFY_WEB, subject_id=row.pk)
    told("request_received", row.resident.contact)
    # Until somebody was phoned, nobody is asked: the round that is over left it alone.
    main_job.until(lambda: PlanRound.objects.exclude(finished_at=None).first())
    assert not Offer.objects.exists()
    main_job.phoned(desk_of(clerk), row)
    assert not DeskTask.objects.open().filter(pk=task.pk).exists()
    offer = main_job.invited(row, ivanka)
    phone = phone_of(ivanka)
    main_job.accepts(phone, offer)
    visit = main_job.bring_near(row, coordinator)
    main_job.visits_and_tells(phone, visit, outcome=Outcome.SUBMITTED, minutes="40")
    ended(row, visit)
    main_job.counts(
        desk_of(coordinator), settlement="Извор", service=row.service.short, people=[ivanka.name], offers=1, minutes=40
    )
