"""One request for the desk: everything about it is there, and only for those it belongs to."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from requests import verbs
from requests.models import HelpRequest, JournalEntry
from requests.services import answers, changes, intake, residents, visit_changes, visits
from requests.services.actors import RESIDENT, staff
from tests import factories as make

pytestmark = pytest.mark.django_db


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def clerk() -> Client:
    return client_of(make.user(Role.CLERK))


@pytest.fixture
def coordinator() -> Client:
    return client_of(make.user(Role.COORDINATOR))


def page(client: Client, row: HelpRequest) -> str:
    answer = client.get(reverse("requests:detail", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode().replace("&nbsp;", "\u00a0")


def test_everything_about_a_request_stands_on_its_page(coordinator: Client) -> None:
    now = timezone.now()
    who = make.resident(phone="0888 555 555")
    row = make.help_request(who, now=now, note="пише с едри букви", free=[intake.Free(
        start=now.time().replace(hour=9, minute=0), end=now.time().replace(hour=12, minute=0), weekday=1
    )])  # fmt: skip
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    first, _second = make.offer(row, petar, ivanka, now=now)
    answers.decline(offer_id=first.pk, actor=make.by_volunteer(petar), now=now, reason="too_far")
    HelpRequest.objects.filter(pk=row.pk).update(unserved_reason="too_far")
    text = page(coordinator, row)
    for said in (
        "Мария Петрова", "с. Извор", "0888 555 555", "чешмата", "люляк", "едри букви", "Помощ за отопление",
        "питаме доброволец", "Петър Колев", "далече е", "Иванка Делева", "вторник, 9:00–12:00",
        "За всички удостоверени е твърде далече.", "Петър Колев отказва: далече е", "Отговор по телефона",
        "Заявката е записана", f"№\u00a0{row.number}",
    ):  # fmt: skip
        assert said in text or said.replace(" ", "\u00a0") in text, said
    assert reverse("planning:candidates", args=[row.pk]) in text
    assert reverse("requests:card_for_staff", args=[row.pk]) in text


def test_a_clerk_assigns_nobody_and_makes_no_rules(clerk: Client) -> None:
    row = make.help_request(now=timezone.now())
    text = page(clerk, row)
    assert reverse("planning:candidates", args=[row.pk]) not in text
    assert reverse("requests:detail_rules", args=[row.pk]) not in text
    assert clerk.get(reverse("requests:detail_rules", args=[row.pk])).status_code == 403


def test_a_visit_that_is_arranged_shows_who_comes_and_their_phone(clerk: Client) -> None:
    now = timezone.now()
    ivanka = make.volunteer()
    visit = make.visit(make.help_request(now=now), ivanka, now=now)
    text = page(clerk, visit.help_request)
    assert "Иванка Делева" in text and f"tel:{ivanka.contact.phone}" in text
    assert "Човекът потвърди" in text and "Местя часа" in text and "Никой не дойде" not in text


def test_a_done_visit_tells_its_outcome(clerk: Client) -> None:
    now = timezone.now()
    visit = make.visit(make.help_request(now=now), now=now, start=now + timedelta(hours=1))
    actor = RESIDENT
    visits.check_in(visit_id=visit.pk, actor=actor, now=now)
    visits.check_out(visit_id=visit.pk, outcome="submitted", minutes=35, note="всичко е наред", actor=actor, now=now)
    text = page(clerk, visit.help_request)
    assert "подадено" in text and "35\u00a0мин." in text and "всичко е наред" in text
    assert "Започваме отново" in text and "Спирам заявката" not in text


def test_every_verb_that_is_ever_written_has_words() -> None:
    written: set[str] = set()
    for path in Path("requests/services").glob("*.py"):
        written |= set(re.findall(r'verb="(\w+)"', path.read_text()))
    written |= {"withdrawn", "cancelled", "expired"}
    assert len(written) > 25
    known = set(verbs.REQUEST) | set(verbs.VISIT) | set(verbs.OFFER) | set(verbs.TAKEN_BACK)
    assert written <= known, written - known


def test_what_a_life_of_a_request_writes_is_told_without_gaps(coordinator: Client) -> None:
    now = timezone.now()
    row, ivanka = make.help_request(now=now), make.volunteer()
    clerk = staff(make.user(Role.CLERK, name="Цвета Гишева"))
    visit = make.visit(row, ivanka, now=now)
    visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=now)
    visit_changes.move(visit_id=visit.pk, start=now + timedelta(days=3), actor=clerk, now=now)
    visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=make.by_volunteer(ivanka), now=now)
    changes.withdraw(help_request=row, actor=RESIDENT, now=now)
    changes.reopen(help_request=row, actor=clerk, now=now)
    for entry in JournalEntry.objects.all():
        assert verbs.knows(entry.subject_type, entry.verb), (entry.subject_type, entry.verb)
    text = page(coordinator, row)
    for said in (
        "Иванка Делева приема", "Човекът потвърди", "Часът е сменен", "Доброволецът не може, търсим друг",
        "Вече не е нужно", "Започваме отново", "Цвета Гишева", "човекът",
    ):  # fmt: skip
        assert said in text, said


def test_another_municipality_a_volunteer_and_another_kmetstvo_see_nothing(clerk: Client) -> None:
    now = timezone.now()
    row = make.help_request(now=now)
    address = reverse("requests:detail", args=[row.pk])
    elsewhere = client_of(make.user(Role.COORDINATOR, of=make.municipality("PER01", "Перник")))
    assert elsewhere.get(address).status_code == 404
    assert client_of(make.user(Role.VOLUNTEER)).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    narrowed = make.user(Role.CLERK)
    Membership.objects.get(user=narrowed).settlements.add(make.village("Друган"))
    assert client_of(narrowed).get(address).status_code == 404
    theirs = make.help_request(make.resident("Петра", "Иванова", home="Друган"), now=now)
    assert "Петра Иванова" in page(client_of(narrowed), theirs)
    assert clerk.get(address).status_code == 200


ACTS = ["correct", "person", "time", "stop", "move", "missed", "told", "rules", "reopen", "search", "confirm"]


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_open_to_a_stranger(act: str) -> None:
    row = make.help_request(now=timezone.now())
    address = reverse(f"requests:detail_{act}", args=[row.pk])
    elsewhere = client_of(make.user(Role.COORDINATOR, of=make.municipality("PER01", "Перник")))
    assert elsewhere.post(address).status_code == 404
    assert client_of(make.user(Role.VOLUNTEER)).post(address).status_code == 403


def test_a_long_story_costs_no_more_queries_than_a_short_one(coordinator: Client) -> None:
    now = timezone.now()
    short, long = make.help_request(now=now), make.help_request(now=now)
    people = [make.volunteer(f"Име{number}", "Делева", home=home) for number, home in enumerate(
        ["Извор", "Друган", "Дрен", "Кленовик"] * 8)]  # fmt: skip
    for person in people[:30]:
        residents.set_rule(resident=long.resident, volunteer=person, kind="preferred", now=now)
        made = make.offer(long, person, now=now)[0]
        answers.decline(offer_id=made.pk, actor=make.by_volunteer(person), now=now, reason="busy")
        make.help_request(long.resident, now=now)
    made = make.offer(short, people[31], now=now)[0]
    answers.decline(offer_id=made.pk, actor=make.by_volunteer(people[31]), now=now, reason="busy")
    residents.set_rule(resident=short.resident, volunteer=people[31], kind="preferred", now=now)
    make.help_request(short.resident, now=now)

    def queries(row: HelpRequest) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page(coordinator, row)
        return len(found)

    queries(short)
    assert queries(short) == queries(long) <= 25
