"""The desk is told before the credits run out, and when much does not arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from notifications import channels
from notifications.channels import Parcel, Receipt
from notifications.channels.json_gateway import amount
from notifications.models import Contact, DeskTask, FailureHour, Message, MessageHour, Provider
from notifications.services import desk_tasks, sending, watch
from notifications.states import Channel
from places.models import Municipality
from tests.notifications.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


class Paid:
    """A gateway that says what is left."""

    provider, is_repeatable, reports = "gateway", False, True

    def __init__(self, left: str) -> None:
        self.left = Decimal(left)

    def carry(self, parcel: Parcel) -> Receipt:
        return Receipt("1", credits=self.left)


@pytest.mark.parametrize(("left", "tasks"), [("199", 1), ("200", 0)])
def test_credits_are_watched_as_messages_go_out(
    awake: Contact, tell: Callable[..., list[Message]], monkeypatch: pytest.MonkeyPatch, left: str, tasks: int
) -> None:
    monkeypatch.setitem(channels.CARRIERS, Channel.SMS, Paid(left))
    tell(channels=[Channel.SMS])
    sending.send_due(now=NOW)
    for _twice in range(2):
        watch.run(now=NOW)
    assert Provider.objects.get(pk="gateway").credits == Decimal(left)
    assert DeskTask.objects.open().filter(facts__what="credits").count() == tasks


def test_the_task_goes_when_it_was_paid_and_a_person_who_closed_it_is_not_asked_again(radomir: Municipality) -> None:
    Provider.objects.create(code="gateway", credits=10, credits_at=NOW)
    watch.run(now=NOW)
    task = DeskTask.objects.get()
    desk_tasks.finish(task, by=None, result="arranged", now=NOW)
    watch.run(now=NOW + timedelta(hours=1))
    assert not DeskTask.objects.open().exists()
    watch.run(now=NOW + timedelta(hours=13))
    assert DeskTask.objects.open().count() == 1
    Provider.objects.update(credits=5_000)
    watch.run(now=NOW + timedelta(hours=14))
    assert not DeskTask.objects.open().exists()


@pytest.mark.parametrize(("failed", "tasks"), [(5, 0), (6, 1)])
def test_more_than_a_fifth_that_fails_is_told(radomir: Municipality, failed: int, tasks: int) -> None:
    hour = NOW.replace(minute=0)
    MessageHour.objects.create(municipality=radomir, channel="sms", hour=hour, handed=25, failed=failed)
    watch.run(now=NOW)
    assert DeskTask.objects.filter(facts__what="failing").count() == tasks


def test_a_failure_is_counted_with_its_cause(awake: Contact, letter: Message, through: Callable[..., Any]) -> None:
    through(failures=1, final=True)
    sending.send_due(now=NOW)
    row = FailureHour.objects.get()
    assert (row.channel, row.cause, row.count) == ("email", "ConnectionRefusedError", 1)


@pytest.mark.parametrize("said", ["rubbish", None, [], "NaN", "Infinity", {}])
def test_what_is_no_number_is_no_credit(said: object) -> None:
    assert amount({"left": said}, "left") is None
