"""Telling the same thing twice is impossible, and nothing leaves before the commit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from core import nudge
from notifications.models import Contact, DeskTask, Message
from notifications.services.contacts import make_contact, stop
from notifications.services.outbox import SEND_DUE, untold
from notifications.states import Channel, MessageClass, MessageState, TaskKind
from places.models import Municipality

Tell = Callable[..., list[Message]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float | None]]:
    sent: list[tuple[str, float | None]] = []

    def send_task(name: str, countdown: float | None = None, **options: Any) -> None:
        sent.append((name, countdown))

    monkeypatch.setattr(nudge.current_app, "send_task", send_task)
    return sent


def test_it_goes_the_first_way_that_is_open_and_stands_in_the_app(tell: Tell, through: Any) -> None:
    rows = {row.channel: row for row in tell()}
    # No gateway for SMS is set up, so the telephone is no way yet.
    assert {row.key for row in rows.values()} == {"offer:17:made:in_app", "offer:17:made:email"}
    assert rows["email"].recipient == "iva@example.org"
    assert rows["email"].state == MessageState.QUEUED
    through(Channel.SMS)
    rows = {row.channel: row for row in tell("offer:18:made")}
    assert set(rows) == {"in_app", "sms"}
    assert rows["sms"].recipient == "+359888123456"


def test_in_app_is_there_at_once(tell: Tell, now: datetime) -> None:
    (row,) = tell(channels=[Channel.IN_APP])
    assert (row.state, row.sent_at, row.recipient) == (MessageState.SENT, now, "")


def test_the_second_telling_changes_nothing(tell: Tell) -> None:
    first = {row.pk for row in tell()}
    again = tell(body="Друго")
    assert {row.pk for row in again} == first
    assert {row.body for row in Message.objects.all()} == {"В Извор ви чакат в 10:30 ч."}


def test_a_subject_is_one_line(tell: Tell) -> None:
    assert tell(subject="Покана\nBcc: other@example.org")[0].subject == "Покана Bcc: other@example.org"


def test_who_said_stop_is_reached_in_the_app_only(tell: Tell, iva: Contact, now: datetime) -> None:
    stop(iva, now=now)
    assert [row.channel for row in tell()] == [Channel.IN_APP]
    code = tell("code:1", message_class=MessageClass.SAFETY, channels=[Channel.EMAIL])
    assert [row.channel for row in code] == [Channel.EMAIL]


def test_who_said_stop_is_called_when_it_must_be_told(tell: Tell, iva: Contact, now: datetime) -> None:
    stop(iva, now=now)
    call = tell(must_arrive=True)[-1]
    assert (call.channel, call.state) == (Channel.VOICE, MessageState.SENT)
    task = DeskTask.objects.get()
    assert (task.kind, task.subject_id) == (TaskKind.CALL_PERSON, call.pk)


def test_who_has_no_address_gets_no_row(tell: Tell, radomir: Municipality) -> None:
    nobody = make_contact(municipality=radomir, channels=[Channel.EMAIL])
    assert tell(contact=nobody) == []
    assert not DeskTask.objects.exists()


def test_who_has_neither_telephone_nor_address_is_told_on_paper(tell: Tell, radomir: Municipality) -> None:
    nobody = make_contact(municipality=radomir)
    (letter,) = tell(contact=nobody, must_arrive=True)
    task = DeskTask.objects.get()
    assert (letter.channel, letter.state) == (Channel.PAPER, MessageState.SENT)
    assert (task.kind, task.subject_id) == (TaskKind.HAND_OVER, letter.pk)


def test_what_must_be_told_and_has_no_way_comes_to_the_desk_once(tell: Tell, radomir: Municipality) -> None:
    nobody = make_contact(municipality=radomir, channels=[])
    assert tell(contact=nobody, must_arrive=True) == tell(contact=nobody, must_arrive=True) == []
    assert [task.kind for task in DeskTask.objects.all()] == [TaskKind.MESSAGE_FAILED]


def test_a_landline_gets_no_sms_but_a_call_where_the_kind_is_worth_one(
    tell: Tell, radomir: Municipality, through: Any
) -> None:
    through(Channel.SMS)
    baba_maria = make_contact(municipality=radomir, phone="+35977712345")
    assert baba_maria.channels == []
    assert tell("a", contact=baba_maria) == []
    assert [row.channel for row in tell("b", contact=baba_maria, or_call=True)] == [Channel.VOICE]
    assert [row.channel for row in tell("c", contact=baba_maria, must_arrive=True)] == [Channel.VOICE]


def test_a_change_that_is_rolled_back_tells_nobody(tell: Tell) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell()
        raise ZeroDivisionError
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_nudge_goes_after_the_commit(tell: Tell, nudges: list[Any]) -> None:
    with transaction.atomic():
        tell()
        assert nudges == []
    assert nudges == [(SEND_DUE, None)]


@pytest.mark.django_db(transaction=True)
def test_two_hundred_messages_are_a_nudge_a_second(tell: Tell, nudges: list[Any]) -> None:
    began = time.monotonic()
    for number in range(200):
        tell(f"offer:{number}:made", channels=[Channel.EMAIL])
    # One at once, and at most one for each second that it took.
    assert 2 <= len(nudges) <= 2 + (time.monotonic() - began) / nudge.GAP_SECONDS
    assert nudges[0] == (SEND_DUE, None)
    assert all(countdown == nudge.GAP_SECONDS for _name, countdown in nudges[1:])


@pytest.mark.django_db(transaction=True)
def test_what_is_due_later_nudges_nobody(tell: Tell, nudges: list[Any], now: datetime) -> None:
    tell(due_at=now + timedelta(hours=1))
    assert nudges == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_stops_nobody(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[str] = []

    def send_task(name: str, **options: Any) -> None:
        tries.append(name)
        raise nudge.OperationalError("no broker")

    monkeypatch.setattr(nudge.current_app, "send_task", send_task)
    tell("first")
    tell("second")
    assert Message.objects.count() == 4
    assert len(tries) == 1
    assert "beat will find the work" in caplog.text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_tell_the_same_thing_once(tell: Tell) -> None:
    gate = threading.Barrier(16)
    answers: list[frozenset[Any]] = []
    troubles: list[BaseException] = []

    def run() -> None:
        try:
            gate.wait()
            answers.append(frozenset(row.pk for row in tell()))
        except BaseException as error:
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert Message.objects.count() == 2
    assert len(answers) == 16
    assert len(set(answers)) == 1


def test_what_happened_long_ago_is_told_to_nobody(tell: Tell) -> None:
    with untold():
        assert tell() == []
    assert not Message.objects.exists()
    assert tell()
