"""Requests from the web are phoned before anybody is sent; the clerk's own list; the clerk's menu."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.menu import menu_for
from accounts.models import Membership, User
from accounts.roles import Role
from notifications.models import DeskTask
from notifications.services import desk_tasks
from requests.models import HelpRequest, JournalEntry
from requests.services import intake
from requests.states import NextStep, RequestState
from tests import factories as make
from tests.requests.web.test_detail import client_of

pytestmark = pytest.mark.django_db
PAGE = "/obazhdaniya/"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def tsveta() -> User:
    return make.user(Role.CLERK, name="Цвета Гишева")


@pytest.fixture
def clerk(tsveta: User) -> Client:
    return client_of(tsveta)


def from_web(now: datetime, first: str = "Мария", home: str = "Извор") -> HelpRequest:
    wanted = intake.Wanted(service=make.service(), safe_word="люляк")
    row = intake.submit_from_web(resident=make.resident(first, home=home), wanted=wanted, now=now)
    HelpRequest.objects.filter(pk=row.pk).update(created_at=now)
    return row


def press(client: Client, row: HelpRequest, name: str) -> str:
    return client.post(reverse(f"requests:calls_{name}", args=[row.pk]), follow=True).content.decode()


def test_the_oldest_stands_first_with_phone_and_what_to_say(clerk: Client, now: datetime) -> None:
    make.help_request(make.resident("Записана"), now=now)
    newer, older = from_web(now, "Нова"), from_web(now - timedelta(days=1), "Стара", "Друган")
    text = clerk.get(PAGE).content.decode()
    assert text.index("Стара Петрова") < text.index("Нова Петрова") and "Записана" not in text
    for row in (newer, older):
        assert f"tel:{row.resident.contact.phone}" in text and str(row.number) in text
    assert "аз съм Цвета Гишева от община Радомир" in text and "2 души чакат обаждане" in text


def test_it_is_true_and_the_search_begins(clerk: Client, now: datetime) -> None:
    row = from_web(now)
    assert "Търсим кой да отиде" in press(clerk, row, "true")
    row.refresh_from_db()
    assert row.state == RequestState.OPEN and not DeskTask.objects.open().exists()
    assert "вече не чака" in press(clerk, row, "true")


def test_nobody_answers_and_we_try_again_after_four_hours(clerk: Client, tsveta: User, now: datetime) -> None:
    row, other = from_web(now - timedelta(hours=3), "Мълчана"), from_web(now, "Друга")
    task = DeskTask.objects.get(subject_id=row.pk)
    desk_tasks.take(task, holder=tsveta, now=now)
    text = press(clerk, row, "not_reached")
    row.refresh_from_db()
    task.refresh_from_db()
    assert row.state == RequestState.UNVERIFIED and row.next_step == NextStep.PHONE_PERSON
    assert row.next_step_at and timedelta(hours=3, minutes=59) < row.next_step_at - now < timedelta(hours=4, minutes=5)
    assert task.due_at == row.next_step_at and task.holder is None and task.done_at is None
    assert text.index("Друга Петрова") < text.index("Мълчана Петрова")
    assert "Звъняхме 1 път" in text and "1 човек чака обаждане" in text
    press(clerk, row, "not_reached")
    assert "Звъняхме 2 пъти" in clerk.get(PAGE).content.decode()
    assert JournalEntry.objects.filter(help_request_id=row.pk, verb="not_reached").count() == 2
    assert other.state == RequestState.UNVERIFIED


def test_who_was_reached_meanwhile_is_not_put_off(clerk: Client, now: datetime) -> None:
    row = from_web(now)
    press(clerk, row, "true")
    assert "вече не чака" in press(clerk, row, "not_reached")
    assert not JournalEntry.objects.filter(verb="not_reached").exists()


def test_not_true_is_asked_once_more(clerk: Client, now: datetime) -> None:
    row = from_web(now)
    address = reverse("requests:calls_untrue", args=[row.pk])
    assert "не е истинска?" in clerk.get(address).content.decode()
    row.refresh_from_db()
    assert row.state == RequestState.UNVERIFIED
    text = clerk.post(address, follow=True).content.decode()
    row.refresh_from_db()
    assert row.state == RequestState.CANCELLED and "Сега никой не чака обаждане" in text
    assert not DeskTask.objects.open().exists()
    taken = make.help_request(now=now)
    clerk.post(reverse("requests:calls_untrue", args=[taken.pk]))
    taken.refresh_from_db()
    assert taken.state == RequestState.OPEN


def test_verified_from_its_own_page_one_stays_there(clerk: Client, now: datetime) -> None:
    row = from_web(now)
    there = reverse("requests:detail", args=[row.pk])
    assert "Вярно е, търсим" in clerk.get(there).content.decode()
    answer = clerk.post(reverse("requests:calls_true", args=[row.pk]), {"back": "detail"})
    assert answer["Location"] == there


def test_a_clerk_of_one_kmetstvo_phones_only_theirs(tsveta: User, clerk: Client, now: datetime) -> None:
    theirs, foreign = from_web(now, "Своя", "Друган"), from_web(now, "Чужда")
    Membership.objects.get(user=tsveta).settlements.add(make.village("Друган"))
    text = clerk.get(PAGE).content.decode()
    assert "Своя" in text and "Чужда" not in text and "Обаждания (1)" in text
    for name in ("true", "not_reached", "untrue"):
        assert clerk.post(reverse(f"requests:calls_{name}", args=[foreign.pk])).status_code == 404
    assert theirs.state == RequestState.UNVERIFIED


@pytest.mark.parametrize("path", [PAGE, "/moite-zayavki/"])
def test_the_pages_are_for_the_desk_of_this_municipality(path: str, now: datetime) -> None:
    from_web(now)
    assert Client().get(path).status_code == 302
    assert client_of(make.user(Role.VOLUNTEER)).get(path).status_code == 403
    elsewhere = client_of(make.user(Role.CLERK, of=make.municipality("PER01", "Перник")))
    assert "Петрова" not in elsewhere.get(path).content.decode()


def test_mine_is_what_i_took(clerk: Client, tsveta: User, now: datetime) -> None:
    mine = make.help_request(make.resident("Моя"), now=now, by=tsveta)
    make.help_request(make.resident("Колежкина"), now=now, by=make.user(Role.CLERK))
    text = clerk.get("/moite-zayavki/").content.decode()
    assert "Моя Петрова" in text and "Колежкина" not in text
    assert "търсим кой да дойде" in text and reverse("requests:detail", args=[mine.pk]) in text
    assert "Още нямате заявки" in client_of(make.user(Role.CLERK)).get("/moite-zayavki/").content.decode()


def test_the_clerks_menu_is_five_pages_and_counts_the_calls(tsveta: User, now: datetime) -> None:
    from_web(now)
    member = Membership.objects.get(user=tsveta)
    entries = menu_for(Role.CLERK, "calls", member)
    assert [entry["label"] for entry in entries] == ["Днес", "Обаждане", "Обаждания", "Звъним обратно", "Моите заявки"]
    assert [entry.get("count") for entry in entries] == [None, None, 1, 0, None] and entries[2]["current"]
    assert "Обаждания" not in [entry["label"] for entry in menu_for(Role.COORDINATOR)]
