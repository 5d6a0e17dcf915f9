"""One screen of calls to return: who, since when, who holds it; taken by one, left only with a result."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.menu import menu_for
from accounts.models import User
from accounts.roles import Role
from notifications.models import Callback
from notifications.services import callbacks
from notifications.states import CallbackSource
from tests import factories as make
from tests.requests.web.test_detail import client_of

pytestmark = pytest.mark.django_db
PAGE = "/obazhdaniya/obratno/"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def tsveta() -> User:
    return make.user(Role.CLERK, name="Цвета Гишева")


@pytest.fixture
def clerk(tsveta: User) -> Client:
    return client_of(tsveta)


def rang(phone: str, now: datetime, **more: object) -> Callback:
    given = {"source": CallbackSource.MISSED, "since": now, "due_at": now} | more
    return callbacks.ask(municipality=make.municipality(), phone=phone, now=now, **given)  # type: ignore[arg-type]


def do(client: Client, row: Callback, **said: str) -> str:
    return client.post(reverse("requests:callback_act", args=[row.pk]), said, follow=True).content.decode()


def test_a_row_says_who_since_when_and_why(clerk: Client, now: datetime) -> None:
    make.resident("Мария", phone="0888 111 222")
    make.volunteer("Иванка", "Делева")
    make.help_request(make.resident("Стоян"), asker_name="Гергана", asker_phone="0888 333 444", asked_by="relative")
    rang("+359888111222", now - timedelta(hours=2))
    rang("+359888333444", now - timedelta(hours=1))
    rang("+359888555666", now, language="en", reason="за лекарството", source=CallbackSource.PROMISED)
    text = clerk.get(PAGE).content.decode()
    assert "Да звъннем на 3 души" in text
    assert text.index("Мария Петрова, с.") < text.index("Гергана, пита за Стоян Петрова") < text.index("Непознат номер")
    assert "за лекарството" in text and "на английски" in text and "0888\u00a0555\u00a0666" in text


def test_taken_by_one_it_shows_to_the_other_and_cannot_be_taken(clerk: Client, now: datetime) -> None:
    row = rang("+359888111222", now)
    assert "Вие звъните, до" in do(clerk, row, do="take")
    other = client_of(make.user(Role.CLERK, name="Друга Колежка"))
    seen = other.get(PAGE).content.decode()
    assert "Звъни Цвета Гишева, до" in seen and "data-take" not in seen
    assert "На този човек вече звъни друг колега" in do(other, row, do="take")
    assert "На този човек вече звъни друг колега" in do(other, row, result="helped")
    row.refresh_from_db()
    assert row.result == "" and row.holder is not None and row.holder.name == "Цвета Гишева"


def test_it_leaves_only_with_a_result(clerk: Client, tsveta: User, now: datetime) -> None:
    row = rang("+359888111222", now)
    do(clerk, row, do="take")
    assert "Изберете как завърши" in do(clerk, row, note="говорихме")
    assert "Изберете как завърши" in do(clerk, row, result="rubbish")
    do(clerk, row, do="release")
    assert Callback.objects.open().count() == 1
    do(clerk, row, result="helped", note="говорихме за НАП")
    row.refresh_from_db()
    assert (row.result, row.note, row.done_by) == ("helped", "говорихме за НАП", tsveta)
    assert "Никой не чака да звъннем" in clerk.get(PAGE).content.decode()


def test_nobody_answered_brings_it_back_later_with_the_attempt_counted(clerk: Client, now: datetime) -> None:
    row = rang("+359888111222", now)
    do(clerk, row, do="take")
    text = do(clerk, row, do="no_answer")
    row.refresh_from_db()
    assert (row.attempts, row.result) == (1, "") and row.due_at > now + timedelta(minutes=29)
    assert "По-късно" in text and "звъняхме 1 път" in text and "Никой не чака" in text


def test_a_forbidden_number_in_the_note_is_refused_and_the_note_kept(clerk: Client, now: datetime) -> None:
    row = rang("+359888111222", now)
    do(clerk, row, do="take")
    text = do(clerk, row, result="helped", note="ЕГН 6101057509")
    assert "aria-invalid" in text and "ЕГН 6101057509" in text
    assert Callback.objects.open().count() == 1


def test_a_call_is_promised_for_a_time_with_a_reason(clerk: Client, now: datetime) -> None:
    when = timezone.localtime(now + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    said = {"phone": "0888 111 222", "when": when, "language": "en", "reason": "пита за пенсията"}
    assert clerk.post(PAGE, said).status_code == 302
    row = Callback.objects.get()
    assert (row.source, row.language, row.reason, row.phone) == ("promised", "en", "пита за пенсията", "+359888111222")
    assert row.due_at > now + timedelta(hours=2)
    assert clerk.post(PAGE, {**said, "phone": "12"}).status_code == 422
    assert clerk.post(PAGE, {**said, "reason": ""}).status_code == 422


def test_the_queue_is_renewed_in_place_and_works_without_a_script(clerk: Client, now: datetime) -> None:
    rang("+359888111222", now)
    text = clerk.get(PAGE).content.decode()
    assert 'hx-trigger="every 15s"' in text and 'hx-select="#queue"' in text
    assert f'<form method="post" action="{reverse("requests:callback_act", args=[Callback.objects.get().pk])}"' in text


def test_another_municipality_sees_nothing_of_it(now: datetime) -> None:
    row = rang("+359888111222", now)
    stranger = client_of(make.user(Role.CLERK, of=make.municipality("PER01", "Перник")))
    assert "Никой не чака" in stranger.get(PAGE).content.decode()
    assert stranger.post(reverse("requests:callback_act", args=[row.pk]), {"do": "take"}).status_code == 404


def test_a_volunteer_may_not_open_it_and_the_clerks_menu_counts(clerk: Client, tsveta: User, now: datetime) -> None:
    assert client_of(make.user(Role.VOLUNTEER)).get(PAGE).status_code == 403
    rang("+359888111222", now)
    rang("+359888111333", now, due_at=now + timedelta(hours=1))
    entries = menu_for(Role.CLERK, "callbacks", tsveta.memberships.get())
    assert [entry.get("count") for entry in entries if entry["current"]] == [1]


def test_one_row_or_fifty_cost_the_same_queries(clerk: Client, now: datetime) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert clerk.get(PAGE).status_code == 200
        return len(asked)

    make.resident("Мария", phone="+359888100000")
    rang("+359888100000", now)
    few = queries()
    for number in range(1, 50):
        make.resident("Мария", phone=f"+3598881{number:05}")
        rang(f"+3598881{number:05}", now)
    assert queries() == few
