"""Claim, commit, send, record: by one sender, in time, and again after a failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from notifications import channels
from notifications.channels import Receipt
from notifications.channels.file import File
from notifications.models import DeskTask, Message
from notifications.services import claims, outcomes, sending
from notifications.states import Channel, MessageClass, MessageState, TaskKind
from tests.notifications.conftest import Carrier
from tests.notifications.smtp_sink import Sink

Tell = Callable[..., list[Message]]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
A_MINUTE = timedelta(minutes=1)
MOST = outcomes.MOST_ATTEMPTS[MessageClass.ORDINARY]


def test_a_letter_arrives_with_its_link_and_a_name_of_its_own(sink: Sink, letter: Message, now: datetime) -> None:
    assert sending.send_due(now=now) == 1
    (arrived,) = sink.letters
    assert arrived["Message-ID"] == f"<{letter.pk}@dobrovolci.example>"
    assert (arrived["To"], arrived["Subject"]) == ("iva@example.org", "Покана за четвъртък")
    text = arrived.get_content()
    assert "В Извор ви чакат в 10:30 ч." in text
    assert "https://dobrovolci.example/pokani/17/" in text
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.failure) == (MessageState.SENT, 1, "")
    assert letter.sent_at is not None
    assert sending.send_due(now=now + A_MINUTE) == 0
    assert len(sink.letters) == 1


def test_in_the_demonstration_a_message_for_a_telephone_is_one_file(tell: Tell, now: datetime, settings: Any) -> None:
    settings.MESSAGE_CHANNELS_ALL_TO_FILE = True
    (message,) = tell(channels=[Channel.SMS])
    sending.send_due(now=now)
    file = Path(settings.MESSAGE_SPOOL) / f"{message.pk}.json"
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "to": "+359888123456",
        "channel": "sms",
        "subject": "Покана за четвъртък",
        "body": "Извор, чт 10:30. ДА 4821?",
        "link": "https://dobrovolci.example/pokani/17/",
    }
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    message.refresh_from_db()
    assert (message.provider, message.length, message.segments) == ("file", 25, 1)
    File().carry(channels.pack(message))
    assert list(file.parent.iterdir()) == [file]


def test_in_the_demonstration_no_letter_leaves(sink: Sink, letter: Message, now: datetime, settings: Any) -> None:
    settings.MESSAGE_CHANNELS_ALL_TO_FILE = True
    sending.send_due(now=now)
    assert sink.letters == []
    written = json.loads((settings.MESSAGE_SPOOL / f"{letter.pk}.json").read_text(encoding="utf-8"))
    assert (written["to"], written["channel"]) == ("iva@example.org", "email")


def test_nothing_is_sent_before_it_is_due(tell: Tell, through: Callable[..., Carrier], now: datetime) -> None:
    carrier = through()
    (message,) = tell(channels=[Channel.EMAIL], due_at=now + A_MINUTE)
    assert sending.send_due(now=now) == 0
    assert sending.send_due(now=now + A_MINUTE) == 1
    assert carrier.carried == {message.pk: 1}


def test_nothing_is_sent_late(tell: Tell, through: Callable[..., Carrier], now: datetime) -> None:
    carrier = through()
    (message,) = tell(channels=[Channel.EMAIL], expires_at=now + A_MINUTE)
    assert sending.send_due(now=now + A_MINUTE) == 0
    message.refresh_from_db()
    assert message.state == MessageState.EXPIRED
    assert not carrier.carried
    assert not DeskTask.objects.exists()


def test_a_failure_is_tried_again_later_and_later(
    letter: Message, through: Callable[..., Carrier], now: datetime
) -> None:
    carrier = through(failures=2)
    assert sending.send_due(now=now) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (MessageState.QUEUED, "ConnectionRefusedError")
    assert now + outcomes.FIRST_WAIT / 2 <= letter.due_at <= now + outcomes.FIRST_WAIT + timedelta(seconds=10)
    assert sending.send_due(now=now + timedelta(seconds=10)) == 0
    again = now + A_MINUTE
    assert sending.send_due(now=again) == 0
    letter.refresh_from_db()
    assert letter.due_at >= again + outcomes.FIRST_WAIT
    assert sending.send_due(now=now + timedelta(minutes=5)) == 1
    assert carrier.carried == {letter.pk: 1}


def test_where_the_next_try_would_come_too_late_it_goes_another_way_at_once(
    tell: Callable[..., list[Message]], through: Callable[..., Carrier], now: datetime, settings: Any
) -> None:
    settings.SMS_TO_FILES = True
    through(failures=1)
    (letter,) = tell(channels=[Channel.EMAIL, Channel.SMS], expires_at=now + timedelta(seconds=10))
    sending.send_due(now=now)
    letter.refresh_from_db()
    assert letter.state == MessageState.FAILED
    assert Message.objects.get(instead_of=letter).channel == Channel.SMS


def test_waits_grow_and_do_not_march_in_step() -> None:
    assert max(outcomes.wait_after(1) for _ in range(50)) <= timedelta(seconds=30)
    assert outcomes.wait_after(3) >= A_MINUTE
    assert outcomes.wait_after(20) <= outcomes.LONGEST_WAIT
    assert len({outcomes.wait_after(4) for _ in range(20)}) > 10


def test_after_the_last_attempt_somebody_is_asked_to_call(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    through(failures=99)
    moment = now
    (letter,) = tell(channels=[Channel.EMAIL], must_arrive=True)
    for _attempt in range(MOST):
        assert not DeskTask.objects.exists()
        sending.send_due(now=moment)
        moment += timedelta(hours=1)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (MessageState.FAILED, MOST)
    call = Message.objects.get(channel=Channel.VOICE)
    assert (call.instead_of, call.body) == (letter, letter.body)
    task = DeskTask.objects.get()
    assert (task.kind, task.subject_type, task.subject_id) == (TaskKind.CALL_PERSON, "message", call.pk)
    assert task.facts == {"kind": "offer_made", "class": "ordinary"}
    assert sending.send_due(now=moment) == 0


def test_an_address_that_does_not_exist_is_given_up_at_once(sink: Sink, letter: Message, now: datetime) -> None:
    sink.refuse_recipient = "550 no such person"
    sending.send_due(now=now)
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (MessageState.FAILED, "SMTPRecipientsRefused 550")


def test_a_server_that_is_busy_is_asked_again(sink: Sink, letter: Message, now: datetime) -> None:
    sink.refuse_recipient = "450 try later"
    sending.send_due(now=now)
    sink.refuse_recipient, sink.refuse_letter = "", "451 not now"
    sending.send_due(now=now + A_MINUTE)
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (MessageState.QUEUED, "SMTPDataError 451")
    sink.refuse_letter = ""
    assert sending.send_due(now=now + timedelta(minutes=5)) == 1
    assert len(sink.letters) == 1


def test_no_server_at_all_is_a_failure_to_try_again(settings: Any, sink: Sink, letter: Message, now: datetime) -> None:
    sink.shutdown()
    sink.server_close()
    sending.send_due(now=now)
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (MessageState.QUEUED, "ConnectionRefusedError")


def test_a_full_disk_is_a_failure_to_try_again(tell: Tell, now: datetime, settings: Any, tmp_path: Path) -> None:
    settings.MESSAGE_SPOOL = tmp_path / "a-file"
    settings.MESSAGE_SPOOL.write_text("in the way")
    settings.MESSAGE_CHANNELS_ALL_TO_FILE = True
    (message,) = tell(channels=[Channel.SMS])
    sending.send_due(now=now)
    message.refresh_from_db()
    assert (message.state, message.failure.split()[0]) == (MessageState.QUEUED, "FileExistsError")


def test_a_broken_message_does_not_hold_up_the_next(
    tell: Tell, through: Callable[..., Carrier], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    carrier = through(failures=1, error=RuntimeError("iva@example.org"))
    tell("first", channels=[Channel.EMAIL])
    tell("second", channels=[Channel.EMAIL], due_at=now + timedelta(seconds=1))
    assert sending.send_due(now=now + timedelta(seconds=1)) == 1
    assert sum(carrier.carried.values()) == 1
    assert "RuntimeError" in caplog.text
    assert "iva@example.org" not in caplog.text


def test_what_a_dead_sender_had_is_sent_by_another(
    letter: Message, through: Callable[..., Carrier], now: datetime
) -> None:
    carrier = through()
    assert claims.take(now=now)
    assert outcomes.reclaim_stale(now=now + outcomes.STALE_AFTER) == 0
    later = now + outcomes.STALE_AFTER + timedelta(seconds=1)
    assert outcomes.reclaim_stale(now=later) == 1
    assert outcomes.reclaim_stale(now=later) == 0
    letter.refresh_from_db()
    assert sending.send_due(now=letter.due_at) == 1
    assert carrier.carried == {letter.pk: 1}


def test_a_message_that_kills_every_sender_is_given_up(letter: Message, now: datetime) -> None:
    moment = now
    for _attempt in range(MOST):
        assert claims.take(now=moment)
        moment += 2 * outcomes.STALE_AFTER
        outcomes.reclaim_stale(now=moment)
        moment += outcomes.LONGEST_WAIT
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (MessageState.FAILED, "SenderDied")


def test_a_slow_sender_does_not_undo_what_a_faster_one_did(letter: Message, now: datetime) -> None:
    (slow,) = claims.take(now=now) or []
    later = now + 2 * outcomes.STALE_AFTER
    outcomes.reclaim_stale(now=later)
    assert claims.take(now=later + outcomes.FIRST_WAIT)
    outcomes.not_sent(outcomes.Outcome(slow, reason="TimeoutError", final=True), now=later)
    letter.refresh_from_db()
    assert letter.state == MessageState.CLAIMED


def test_what_a_slow_sender_did_send_is_not_sent_again(letter: Message, now: datetime) -> None:
    (slow,) = claims.take(now=now) or []
    later = now + 2 * outcomes.STALE_AFTER
    outcomes.reclaim_stale(now=later)
    sending.record([outcomes.Outcome(slow, receipt=Receipt("ref"))], later)
    assert sending.send_due(now=later + outcomes.LONGEST_WAIT) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.provider_ref) == (MessageState.SENT, "ref")
