"""What a person must do stands once, is held by one, and ends with a result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from core.errors import Gone
from notifications import selectors
from notifications.models import DeskTask
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.models import Municipality

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
Ask = Callable[..., DeskTask]
SUBJECT = uuid4()


@pytest.fixture
def ask(radomir: Municipality, now: datetime) -> Ask:
    def ask_desk(**given: Any) -> DeskTask:
        asked: dict[str, Any] = {
            "municipality": radomir,
            "kind": TaskKind.NO_VOLUNTEER,
            "subject_type": "help_request",
            "subject_id": SUBJECT,
            "due_at": now + timedelta(hours=4),
            "now": now,
        }
        return desk_tasks.ask(**(asked | given))

    return ask_desk


@pytest.fixture
def ana(db: None) -> Any:
    return get_user_model().objects.create_user("ana@example.org")


@pytest.fixture
def boris(db: None) -> Any:
    return get_user_model().objects.create_user("boris@example.org")


def test_asking_twice_is_asking_once(ask: Ask) -> None:
    assert ask().pk == ask().pk
    assert DeskTask.objects.count() == 1


def test_another_kind_or_subject_is_another_task(ask: Ask) -> None:
    assert len({ask().pk, ask(kind=TaskKind.NO_SHOW).pk, ask(subject_id=uuid4()).pk}) == 3


def test_an_earlier_time_brings_it_forward_and_a_later_one_does_not(ask: Ask, now: datetime) -> None:
    ask()
    sooner = now + timedelta(hours=1)
    assert ask(due_at=sooner, facts={"rungs": 3}).due_at == sooner
    ask(due_at=now + timedelta(days=1))
    task = DeskTask.objects.get()
    assert (task.due_at, task.facts) == (sooner, {"rungs": 3})


def test_what_was_finished_can_be_asked_again(ask: Ask, ana: Any, now: datetime) -> None:
    first = desk_tasks.finish(ask(), by=ana, result="called", now=now, note="Ще се обади дъщерята.")
    assert ask().pk != first.pk
    first.refresh_from_db()
    assert (first.done_at, first.done_by, first.result) == (now, ana, "called")
    assert first.note == "Ще се обади дъщерята."


def test_it_is_finished_once(ask: Ask, ana: Any, boris: Any, now: datetime) -> None:
    task = ask()
    desk_tasks.finish(DeskTask.objects.get(pk=task.pk), by=ana, result="called", now=now)
    with pytest.raises(Gone) as refused:
        desk_tasks.finish(task, by=boris, result="other", now=now, note="Късно.")
    assert refused.value.code == "task_done"
    task.refresh_from_db()
    assert (task.result, task.note) == ("called", "")


def test_one_holds_it_for_a_quarter_of_an_hour(ask: Ask, ana: Any, boris: Any, now: datetime) -> None:
    task = desk_tasks.take(ask(), holder=ana, now=now)
    assert task.holder == ana
    with pytest.raises(Gone) as refused:
        desk_tasks.take(task, holder=boris, now=now + timedelta(minutes=14))
    assert refused.value.code == "task_taken"
    with pytest.raises(Gone):
        desk_tasks.finish(task, by=boris, result="called", now=now + timedelta(minutes=14))
    assert selectors.held_by_another(task, boris, now)
    assert not selectors.held_by_another(task, ana, now)
    assert desk_tasks.take(task, holder=boris, now=now + timedelta(minutes=15)).holder == boris


def test_taking_it_again_holds_it_longer(ask: Ask, ana: Any, now: datetime) -> None:
    task = desk_tasks.take(ask(), holder=ana, now=now)
    later = now + timedelta(minutes=10)
    assert desk_tasks.take(task, holder=ana, now=later).lease_until == later + desk_tasks.LEASE


def test_who_puts_it_back_frees_it_and_nobody_elses(ask: Ask, ana: Any, boris: Any, now: datetime) -> None:
    task = desk_tasks.take(ask(), holder=ana, now=now)
    assert desk_tasks.release(task, holder=boris).holder == ana
    assert desk_tasks.release(task, holder=ana).holder is None
    assert desk_tasks.take(task, holder=boris, now=now).holder == boris


def test_when_the_cause_is_gone_its_tasks_close(ask: Ask, ana: Any, now: datetime) -> None:
    held = desk_tasks.take(ask(), holder=ana, now=now)
    other_kind, other_subject = ask(kind=TaskKind.DEADLINE_NEAR), ask(subject_id=uuid4())
    closed = desk_tasks.finish_about(
        subject_type="help_request",
        subject_id=SUBJECT,
        kinds=[TaskKind.NO_VOLUNTEER],
        result="accepted",
        now=now,
    )
    assert closed == 1
    held.refresh_from_db()
    assert (held.done_at, held.done_by, held.holder) == (now, None, None)
    assert set(DeskTask.objects.open()) == {other_kind, other_subject}
    assert desk_tasks.finish_about(subject_type="help_request", subject_id=SUBJECT, result="closed", now=now)


def test_the_most_pressing_comes_first_and_only_here(ask: Ask, radomir: Municipality, now: datetime) -> None:
    elsewhere = Municipality.objects.create(code="PER32", name_bg="Перник")
    later, sooner = ask(), ask(subject_id=uuid4(), due_at=now)
    there = ask(subject_id=uuid4(), municipality=elsewhere)
    assert list(selectors.open_tasks(radomir)) == [sooner, later]
    with pytest.raises(DeskTask.DoesNotExist):
        selectors.access_task(radomir, there.pk)
    assert selectors.access_task(radomir, later.pk) == later


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_ask_and_one_takes(ask: Ask, now: datetime) -> None:
    users = [get_user_model().objects.create_user(f"u{number}@example.org") for number in range(16)]
    gate = threading.Barrier(16)
    asked: list[Any] = []
    holders: list[Any] = []
    troubles: list[BaseException] = []

    def run(user: Any) -> None:
        try:
            gate.wait()
            task = ask()
            asked.append(task.pk)
            holders.append(desk_tasks.take(task, holder=user, now=now).holder_id)
        except Gone:
            pass
        except BaseException as error:
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert (len(asked), len(set(asked)), len(holders)) == (16, 1, 1)
    assert DeskTask.objects.get().holder_id == holders[0]
