"""The demonstration: the same invented people for everyone, eight weeks told, a fortnight ahead, work for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import demo
from accounts.models import Membership, User
from accounts.roles import Role
from config.demo import load, town
from core.clock import local_date, monday
from notifications.models import Contact, DeskTask
from notifications.selectors import unread_count
from notifications.states import TaskKind
from places.models import Settlement
from planning.models import PlanRound
from planning.services import ways
from requests.models import HelpRequest, Offer, Resident, Visit, VisitSeat
from requests.states import RequestState, VisitState
from tests.proofs.spine import demo_addresses
from tests.proofs.spine.addresses import pages
from tests.proofs.spine.story import told
from volunteers.models import Certification, Volunteer
from volunteers.states import LANGUAGES, VolunteerStatus

# Each test runs inside the transaction that holds the demonstration.
pytestmark = pytest.mark.django_db
MARK = "Демонстрация: хората и заявките са измислени."


@pytest.fixture(scope="module")
def now(demonstration_told: datetime) -> Iterator[datetime]:
    """The middleware and the addresses that the demonstration has."""
    as_demo = override_settings(
        DEMO=True,
        ROOT_URLCONF="tests.proofs.spine.demo_addresses",
        MIDDLEWARE=["core.demonstration.DemonstrationMiddleware", *settings.MIDDLEWARE],
    )
    with as_demo:
        yield demonstration_told


@pytest.fixture(params=["resident", *Role])
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def by_link(role: str) -> Client:
    """Signed in by the printed link."""
    client = Client()
    link = next(one for one in demo.links() if one["role"] == role)
    assert client.get(link["url_path"]).status_code == 302
    return client


def test_forty_volunteers_with_what_matching_needs(now: datetime) -> None:
    people = Volunteer.objects.all()
    assert people.count() == 40
    assert min(row.badge for row in people) == town.FIRST_BADGE
    assert {code for row in people for code in row.languages} <= set(LANGUAGES)
    assert all("bg" in row.languages for row in people)
    assert {code for row in people for code in row.languages} >= {"bg", "en", "ru"}
    active = people.filter(status=VolunteerStatus.ACTIVE)
    assert active.count() == 35
    certified = Certification.objects.valid_on(local_date(now)).values("volunteer")
    assert active.filter(pk__in=certified, weekly_hours__isnull=False).distinct().count() == 35


def test_residents_live_in_every_settlement_by_its_population(now: datetime) -> None:
    assert Resident.objects.count() == 250
    lives = Counter(Resident.objects.values_list("settlement_id", flat=True))
    places = list(Settlement.objects.filter(municipality="PER36"))
    assert {place.pk for place in places} == set(lives)
    assert len(places) == 32
    by_size = sorted(places, key=lambda place: place.population or 0)
    for smaller, larger in pairwise(by_size):
        assert lives[smaller.pk] <= lives[larger.pk] + 1, (smaller.name_bg, larger.name_bg)
    everybody = sum(place.population or 0 for place in places)
    # The rest is what the smallest villages get for being there at all.
    assert lives[by_size[-1].pk] / 250 == pytest.approx((by_size[-1].population or 0) / everybody, abs=0.08)
    phones = Counter(Contact.objects.filter(resident__isnull=False).values_list("phone_hash", flat=True))
    assert sum(count > 1 for count in phones.values()) >= 5


def test_about_two_hundred_requests_with_eight_weeks_behind_and_a_fortnight_ahead(now: datetime) -> None:
    assert 190 <= HelpRequest.objects.count() <= 210
    today = local_date(now)
    done = Visit.objects.filter(state=VisitState.DONE)
    weeks = Counter(monday(local_date(row.start)) for row in done)
    behind = [monday(today) - timedelta(weeks=number) for number in range(2, 8)]
    assert all(weeks[week] >= 5 for week in behind), weeks
    assert done.filter(start__gt=now).count() == 0
    ahead = Visit.objects.live().filter(start__gte=now, start__lte=now + timedelta(days=14))
    assert len({local_date(row.start) for row in ahead}) >= 4
    states = Counter(HelpRequest.objects.values_list("state", flat=True))
    for state in (RequestState.UNVERIFIED, RequestState.OFFERED, RequestState.SCHEDULED, RequestState.IN_PROGRESS):
        assert states[state], states
    assert states[RequestState.CLOSED] >= 100
    outcomes = {row.outcome for row in done}
    assert len(outcomes) >= 7, outcomes


def test_the_plan_was_made_at_once(now: datetime) -> None:
    plan_round = PlanRound.objects.get()
    assert plan_round.offers_made > 0
    assert Offer.objects.live().filter(round_id=plan_round.pk).exists()


def test_whoever_agreed_to_two_visits_has_time_for_the_road(now: datetime) -> None:
    assert not DeskTask.objects.open().filter(kind=TaskKind.PROMISE_BROKEN).exists()
    seats = VisitSeat.objects.filter(live=True, start__gt=now).select_related("visit__help_request", "volunteer__home")
    tight = [ways.tight(seat.visit.help_request, [seat.volunteer], seat.start, seat.end) for seat in seats]
    assert seats.count() >= 10 and not [told for found in tight for told in found if told.code != "long"]


def test_a_second_load_changes_nothing(now: datetime) -> None:
    before = told()
    assert not load.load(now=now + timedelta(minutes=5))
    assert told() == before


def test_every_one_of_the_cast_has_a_link(now: datetime) -> None:
    assert [link["role"] for link in demo.links()] == ["resident", *sorted(CAST, key=list(demo.CAST).index)]
    assert Membership.objects.count() == len(CAST) == User.objects.count()


CAST = tuple(Role)


def test_the_resident_follows_a_visit(now: datetime) -> None:
    maria = next(row for row in Resident.objects.all() if row.name == "Мария Петрова")
    visit = Visit.objects.live().get(help_request__resident=maria)
    assert visit.start > now
    text = by_link("resident").get(reverse("requests:tracking")).content.decode()
    assert f'datetime="{timezone.localtime(visit.start).isoformat()}"' in text
    assert "Иванка Делева" in text


def test_the_clerk_has_somebody_to_phone(now: datetime) -> None:
    waiting = HelpRequest.objects.filter(state=RequestState.UNVERIFIED)
    tasks = DeskTask.objects.open().filter(kind=TaskKind.VERIFY_WEB)
    assert waiting.count() >= 2
    assert {row.subject_id for row in tasks} == {row.pk for row in waiting}
    page = by_link("clerk").get(reverse("planning:queue"))
    assert any(str(row.number) in page.content.decode() for row in waiting)


def test_the_volunteer_has_a_visit_and_an_offer(now: datetime) -> None:
    client = by_link("volunteer")
    ivanka = Volunteer.objects.get(user__email=demo.VOLUNTEER_EMAIL)
    coming = Visit.objects.live().filter(seats__volunteer=ivanka, seats__live=True, start__gt=now)
    waiting = Offer.objects.live().filter(volunteer=ivanka, expires_at__gt=now + timedelta(hours=1))
    assert coming.count() >= 2
    assert waiting.exists()
    page = client.get(reverse("requests:my_offers")).content.decode()
    assert reverse("requests:accept", args=[waiting[0].pk]) in page
    assert reverse("requests:visit", args=[coming.order_by("start")[0].pk]) in (
        client.get(reverse("requests:my_today")).content.decode()
    )


def test_the_coordinator_has_tasks_and_figures(now: datetime) -> None:
    kinds = set(DeskTask.objects.open().values_list("kind", flat=True))
    assert {TaskKind.CHECKOUT_OVERDUE, TaskKind.VERIFY_WEB} <= kinds
    client = by_link("coordinator")
    assert client.get(reverse("planning:today")).content.decode().count("<li") > 2
    report = client.get(reverse("reports:assignments")).content.decode()
    rows = re.findall(r"<tr><th scope=\"row\">", report)
    assert len(rows) > 20


def test_the_past_is_over(now: datetime) -> None:
    """Nothing of the eight weeks still waits at the desk, and nobody has a pile of old unread messages."""
    asked = DeskTask.objects.open().filter(subject_type="help_request").values("subject_id")
    assert not HelpRequest.objects.filter(pk__in=asked, state=RequestState.CLOSED).exists()
    ivanka = Volunteer.objects.get(user__email=demo.VOLUNTEER_EMAIL)
    unread = unread_count([ivanka.contact], now=now)
    assert 0 < unread < 20


def test_every_page_of_the_cast_opens_and_is_marked(now: datetime, role: str) -> None:
    client = by_link(role)
    wrong, opened = [], 0
    for address in pages(demo_addresses):
        page = client.get(address.path, follow=True)
        if page.status_code == 405 and "GET" not in page["Allow"]:
            continue  # a button, not a page
        may = role == "resident" or address.open_to(role)
        text = page.getvalue().decode()
        # A part of a page stands inside one that is marked.
        marked = MARK in text or not text.startswith("<!doctype html>")
        opened += page.status_code == 200
        if page.status_code != (200 if may else 403) or not marked:
            wrong.append((address.path, page.status_code, marked))
    assert wrong == []
    assert opened > (5 if role == Role.AUDITOR else 15)
