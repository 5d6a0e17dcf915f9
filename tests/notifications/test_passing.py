"""One way at a time: when it fails the next, in the end a person who calls; and reports in any order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from notifications.models import Contact, DeskTask, Message, MessageHour, Provider
from notifications.services import by_hand, circuit, claims, outcomes, passing, reports, sending
from notifications.services.reports import Reported
from notifications.states import Channel, MessageClass, MessageState, TaskKind
from tests.notifications.conftest import Carrier

Tell = Callable[..., list[Message]]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
S = MessageState


@pytest.fixture
def gateway(through: Callable[..., Carrier]) -> Carrier:
    """A gateway for SMS that takes everything and reports later."""
    return through(Channel.SMS, is_repeatable=False, reports=True, provider="gateway")


def sms(tell: Tell, key: str = "visit:1", **given: Any) -> Message:
    return tell(key, channels=[Channel.SMS, Channel.EMAIL], must_arrive=True, **given)[0]


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_number_that_does_not_exist_is_told_by_mail_and_then_by_a_person(
    tell: Tell, iva: Contact, through: Callable[..., Carrier], now: datetime
) -> None:
    through(Channel.SMS, failures=9, final=True, is_repeatable=False, provider="gateway")
    through(Channel.EMAIL, failures=9, final=True)
    first = tell("visit:1", must_arrive=True)[0 if Channel.IN_APP not in iva.channels else -1]
    assert first.channel == Channel.SMS
    sending.send_due(now=now)
    sending.send_due(now=now)
    ways = {row.channel: row for row in Message.objects.exclude(channel=Channel.IN_APP)}
    assert [ways[one].state for one in ("sms", "email")] == [S.FAILED, S.FAILED]
    assert ways["email"].instead_of_id == ways["sms"].pk and ways["voice"].instead_of_id == ways["email"].pk
    assert DeskTask.objects.get().kind == TaskKind.CALL_PERSON
    assert by_hand.settle(ways["voice"], was_told=True, now=now)
    assert state_of(ways["voice"]) == S.DELIVERED
    assert not by_hand.settle(ways["voice"], was_told=False, now=now)


def test_what_need_not_arrive_costs_nobody_a_call(tell: Tell, through: Callable[..., Carrier], now: datetime) -> None:
    through(Channel.EMAIL, failures=9, final=True)
    tell("thanks", channels=[Channel.EMAIL])
    sending.send_due(now=now)
    assert not DeskTask.objects.exists()
    assert Message.objects.count() == 1


def test_an_sms_whose_sender_died_while_handing_it_over_is_never_sent_again(
    tell: Tell, gateway: Carrier, now: datetime
) -> None:
    message = sms(tell)
    (claimed,) = claims.take(now=now) or []
    assert sending.begin([claimed], now) == [message.pk]
    later = now + outcomes.STALE_AFTER + timedelta(seconds=1)
    outcomes.reclaim_stale(now=later)
    assert state_of(message) == S.UNKNOWN
    assert sending.send_due(now=later) == 0 and not gateway.carried
    # Nobody reports: after ten minutes the next way is taken, once.
    assert passing.pass_on_unsettled(now=later + timedelta(minutes=9)) == 0
    assert passing.pass_on_unsettled(now=later + timedelta(minutes=10)) == 1
    assert passing.pass_on_unsettled(now=later + timedelta(minutes=10)) == 0
    assert Message.objects.get(channel=Channel.EMAIL).instead_of_id == message.pk


def test_a_report_settles_what_its_sender_died_over(tell: Tell, gateway: Carrier, now: datetime) -> None:
    message = sms(tell)
    (claimed,) = claims.take(now=now) or []
    sending.begin([claimed], now)
    outcomes.reclaim_stale(now=now + 2 * outcomes.STALE_AFTER)
    assert reports.note(message_id=message.pk, reported=Reported.DELIVERED, now=now)
    assert passing.pass_on_unsettled(now=now + timedelta(hours=1)) == 0
    assert state_of(message) == S.DELIVERED


def test_an_sms_whose_sender_died_before_it_began_is_sent_by_another(
    tell: Tell, gateway: Carrier, now: datetime
) -> None:
    message = sms(tell)
    claims.take(now=now)
    later = now + 2 * outcomes.STALE_AFTER
    outcomes.reclaim_stale(now=later)
    assert sending.send_due(now=later) == 1
    assert gateway.carried == {message.pk: 1}


def test_a_gateway_that_closes_half_way_leaves_it_unknown(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    through(Channel.SMS, failures=1, unknown=True, is_repeatable=False, provider="gateway")
    message = sms(tell)
    assert sending.send_due(now=now) == 0
    assert state_of(message) == S.UNKNOWN and message.failure == "ReadTimeout"


@pytest.mark.parametrize("order", list(itertools.permutations(["accepted", "delivered", "failed"])))
def test_reports_in_any_order_end_at_delivered(
    order: tuple[str, ...], tell: Tell, gateway: Carrier, now: datetime
) -> None:
    message = sms(tell)
    sending.send_due(now=now)
    for what in order:
        reports.note(message_id=message.pk, reported=Reported(what), now=now)
        reports.note(message_id=message.pk, reported=Reported(what), now=now)
    assert state_of(message) == S.DELIVERED
    figures = MessageHour.objects.get(channel="sms")
    assert (figures.handed, figures.delivered) == (1, 1)


def test_a_report_that_comes_before_its_sender_has_written_it_down_stands(
    tell: Tell, gateway: Carrier, now: datetime
) -> None:
    message = sms(tell)
    (claimed,) = claims.take(now=now) or []
    assert reports.note(message_id=message.pk, reported=Reported.DELIVERED, now=now)
    sending.record([outcomes.Outcome(claimed, receipt=outcomes.Receipt("ref"), provider_ok=True)], now)
    assert state_of(message) == S.DELIVERED and message.provider_ref == "ref"


def test_a_report_about_nothing_we_know_changes_nothing(tell: Tell, gateway: Carrier, now: datetime) -> None:
    sms(tell)
    assert not reports.note(message_id=uuid4(), reported=Reported.DELIVERED, now=now)


def test_a_gateway_that_keeps_silent_is_doubted_where_it_matters(tell: Tell, gateway: Carrier, now: datetime) -> None:
    message = sms(tell, message_class=MessageClass.CANCELLATION)
    thanks = tell("thanks", channels=[Channel.SMS])[0]
    sending.send_due(now=now)
    assert passing.doubt_unreported(now=now + timedelta(minutes=59)) == 0
    later = now + timedelta(minutes=61)
    assert passing.doubt_unreported(now=later) == 1
    assert passing.pass_on_unsettled(now=later) == 1
    assert (state_of(message), state_of(thanks)) == (S.UNKNOWN, S.SENT)


def test_nobody_gets_more_than_their_day_and_cancellations_come_all_the_same(
    tell: Tell, iva: Contact, through: Callable[..., Carrier], now: datetime
) -> None:
    carrier = through()
    iva.daily_cap = 2
    iva.save()
    for number in range(4):
        tell(f"n:{number}", channels=[Channel.EMAIL])
    tell("off", channels=[Channel.EMAIL], message_class=MessageClass.CANCELLATION)
    assert sending.send_due(now=now) == 3
    assert sum(carrier.carried.values()) == 3
    waiting = Message.objects.filter(state=S.QUEUED)
    tomorrow = waiting.values_list("due_at", flat=True)[0]
    assert tomorrow == datetime(2026, 10, 13, 5, tzinfo=now.tzinfo)
    assert {row.attempts for row in waiting} == {0}
    assert sending.send_due(now=tomorrow) == 2


def test_after_five_failures_the_provider_rests_and_then_one_tries(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    carrier = through(failures=5)
    for number in range(5):
        tell(f"n:{number}", channels=[Channel.EMAIL], message_class=MessageClass.CANCELLATION)
    assert sending.send_due(now=now) == 0
    assert circuit.resting(now) == [Channel.EMAIL]
    tell("one", channels=[Channel.EMAIL], message_class=MessageClass.CANCELLATION)
    assert sending.send_due(now=now + timedelta(seconds=1)) == 0 and not carrier.carried
    later = now + timedelta(minutes=2)
    assert circuit.resting(later) == []
    assert sending.send_due(now=later) == 6
    assert Provider.objects.get().failures_in_row == 0


def test_a_provider_that_rests_too_long_is_told_to_the_desk_until_it_answers(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    through()
    circuit.failed("smtp", now=now, times=circuit.OPENS_AFTER)
    assert circuit.tell_desks(now=now + timedelta(minutes=4)) == 0
    later = now + timedelta(minutes=6)
    assert circuit.tell_desks(now=later) == circuit.tell_desks(now=later) == 1
    assert [task.kind for task in DeskTask.objects.open()] == [TaskKind.PROVIDER]
    tell("one", channels=[Channel.EMAIL])
    sending.send_due(now=later)
    assert not DeskTask.objects.open().exists()
