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
from notifications.models import Contact, Message
from notifications.services.contacts import make_contact
from notifications.services.outbox import SEND_DUE
from notifications.states import Channel, MessageState
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


def test_each_channel_gets_its_row(tell: Tell, now: datetime) -> None:
    rows = {row.channel: row for row in tell()}
    assert set(rows) == set(Channel)
    assert {row.key for row in rows.values()} == {
        "offer:17:made:in_app",
        "offer:17:made:email",
        "offer:17:made:file",
    }
    assert (rows["email"].recipient, rows["file"].recipient) == ("iva@example.org", "+359888123456")
    assert rows["email"].state == rows["file"].state == MessageState.QUEUED


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
    iva.stopped_at = now
    iva.save()
    assert [row.channel for row in tell()] == [Channel.IN_APP]


def test_who_has_no_address_gets_no_row(tell: Tell, radomir: Municipality) -> None:
    nobody = make_contact(municipality=radomir, channels=[Channel.EMAIL])
    assert tell(contact=nobody) == []


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
    assert Message.objects.count() == 6
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
    assert Message.objects.count() == 3
    assert len(answers) == 16
    assert len(set(answers)) == 1
