"""Taking: each municipality its share, the cap for a whole batch at once, one message where a provider was away."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Contact, DeskTask, Message, MessageHour
from notifications.services import circuit, claims, outcomes, sending, watch
from notifications.services.contacts import make_contact
from notifications.states import Channel, MessageClass, MessageState
from places.models import Municipality
from tests.notifications.conftest import Carrier

Tell = Callable[..., list[Message]]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke, pytest.mark.usefixtures("awake")]
C = MessageClass.CANCELLATION


@pytest.fixture
def elsewhere() -> Callable[[str], Contact]:
    def make(code: str) -> Contact:
        home = Municipality.objects.create(code=code, name_bg=code, name_en=code, active=True)
        row = make_contact(municipality=home, email=f"{code}@example.org")
        row.quiet_until, row.on_free_days = row.quiet_from, True
        row.save()
        return row

    return make


def test_a_flood_leaves_the_others_their_share(
    tell: Tell, through: Callable[..., Carrier], elsewhere: Callable[[str], Contact], now: datetime
) -> None:
    through()
    for number in range(30):
        tell(f"flood:{number}", channels=[Channel.EMAIL], message_class=C)
    later = now + timedelta(seconds=1)
    for code, count in (("SOF46", 2), ("VAR06", 9)):
        contact = elsewhere(code)
        for number in range(count):
            tell(f"{code}:{number}", contact=contact, channels=[Channel.EMAIL], message_class=C, due_at=later)
    taken = claims.take(now=later, most=15) or []
    # Five each; the three that one does not need are shared, and what does not divide is left for the next.
    assert Counter(row.municipality_id for row in taken) == {"PER36": 6, "SOF46": 2, "VAR06": 6}


def test_a_code_does_not_queue_behind_a_thousand_reminders_and_codes_take_half_at_most(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    through()
    for number in range(20):
        tell(f"flood:{number}", channels=[Channel.EMAIL], message_class=C)
    later = now + timedelta(seconds=1)
    for number in range(7):
        tell(f"code:{number}", channels=[Channel.EMAIL], message_class=MessageClass.SAFETY, due_at=later)
    taken = claims.take(now=later, most=10) or []
    assert Counter(row.message_class for row in taken) == {MessageClass.SAFETY: 5, C: 5}
    taken = claims.take(now=later, most=10) or []
    assert Counter(row.message_class for row in taken) == {MessageClass.SAFETY: 2, C: 8}


def test_with_more_municipalities_than_hands_each_waits_its_turn(
    tell: Tell, through: Callable[..., Carrier], elsewhere: Callable[[str], Contact], now: datetime
) -> None:
    through()
    for number in range(6):
        tell(f"m:{number}", contact=elsewhere(f"XXX{number:02}"), channels=[Channel.EMAIL], message_class=C)
    assert len({row.municipality_id for row in claims.take(now=now, most=4) or []}) == 4
    assert len(claims.take(now=now, most=4) or []) == 2


def test_the_cap_of_a_batch_takes_as_many_questions_as_of_one(
    tell: Tell, through: Callable[..., Carrier], iva: Contact, now: datetime
) -> None:
    through()
    iva.daily_cap = 3
    iva.save()

    def questions(count: int, day: datetime) -> int:
        for number in range(count):
            tell(f"{day}:{number}", channels=[Channel.EMAIL], due_at=day + timedelta(seconds=number), now=day)
        with CaptureQueriesContext(connection) as asked:
            assert len(claims.take(now=day + timedelta(minutes=1)) or []) == count
        return len(asked)

    assert questions(1, now) == questions(3, now + timedelta(days=1))


def test_of_too_many_at_once_the_oldest_go(
    tell: Tell, through: Callable[..., Carrier], iva: Contact, now: datetime
) -> None:
    through()
    iva.daily_cap = 2
    iva.save()
    for number in range(5):
        tell(f"n:{number}", channels=[Channel.EMAIL], due_at=now + timedelta(seconds=number))
    taken = claims.take(now=now + timedelta(minutes=1)) or []
    assert [row.thing for row in taken] == ["n:0", "n:1"]
    assert Message.objects.filter(state=MessageState.QUEUED, attempts=0).count() == 3


def test_after_a_rest_one_message_tries_and_the_others_wait(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    carrier = through(failures=1)
    circuit.failed("smtp", now=now, times=9)
    for number in range(6):
        tell(f"n:{number}", channels=[Channel.EMAIL], message_class=C)
    rested = now + circuit.FIRST_REST + timedelta(seconds=1)
    assert sending.send_due(now=rested) == 0
    assert Message.objects.exclude(attempts=0).count() == 1
    assert circuit.resting(rested + circuit.FIRST_REST) == [Channel.EMAIL], "the second rest is longer"
    assert sending.send_due(now=rested + 3 * circuit.FIRST_REST) == 6
    assert len(carrier.carried) == 6


def test_what_must_arrive_does_not_wait_for_ever_for_a_provider(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    through(Channel.SMS, provider="gateway")
    circuit.failed("gateway", now=now, times=9)
    (row,) = tell(channels=[Channel.SMS, Channel.EMAIL], message_class=C, must_arrive=True)
    (other,) = tell("n:2", channels=[Channel.SMS], message_class=C)
    for minutes in (5, 16):
        assert not Message.objects.filter(instead_of=row).exists()
        circuit.failed("gateway", now=now + timedelta(minutes=minutes - 1))
        watch.run(now=now + timedelta(minutes=minutes))
    assert Message.objects.get(instead_of=row).channel == Channel.EMAIL
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.failure, other.state) == ("ProviderDown", MessageState.QUEUED)


def test_what_a_provider_said_outlives_a_database_that_restarts(
    tell: Tell, through: Callable[..., Carrier], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = through(is_repeatable=False)
    plain, times = outcomes.handed_over, iter((True, False))

    def away_once(*given: Any) -> None:
        if next(times):
            raise OperationalError("the database is starting up")
        plain(*given)

    monkeypatch.setattr(outcomes, "handed_over", away_once)
    monkeypatch.setattr(sending, "close_old_connections", lambda: None)
    (row,) = tell(channels=[Channel.EMAIL], message_class=C)
    assert sending.send_due(now=now) == 1
    row.refresh_from_db()
    assert row.state == MessageState.SENT and carrier.carried == {row.pk: 1}


def test_a_hand_over_that_never_ends_is_given_up(
    tell: Tell, through: Callable[..., Carrier], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 0.1)
    carrier, let_go = through(is_repeatable=False), threading.Event()
    monkeypatch.setattr(carrier, "carry", lambda parcel: let_go.wait(20))
    (row,) = tell(channels=[Channel.EMAIL], message_class=C)
    assert sending.send_due(now=now) == 0
    let_go.set()
    row.refresh_from_db()
    assert (row.state, row.failure) == (MessageState.UNKNOWN, "TooSlow")
    assert MessageHour.objects.get().unknown == 1


def test_a_message_that_cannot_be_read_does_not_hold_up_the_others(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    through()
    (broken,) = tell("broken", channels=[Channel.EMAIL], message_class=C, must_arrive=True)
    tell("whole", channels=[Channel.EMAIL], message_class=C)
    other = Message.objects.get(key="whole:email")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_message SET body = 'demo.AAAA' WHERE key = 'broken:email'")
    assert sending.send_due(now=now) == 1
    other.refresh_from_db()
    broken.refresh_from_db(fields=["state"])
    assert (other.state, broken.state) == (MessageState.SENT, MessageState.FAILED)
    assert DeskTask.objects.get().subject_id == broken.pk
