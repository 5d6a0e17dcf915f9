"""A month of 200 residents: quiet hours, caps and reminders hold; and the judge sees it where they do not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import pytest

from notifications import channels
from notifications.channels import Parcel, Receipt
from notifications.models import Message
from notifications.services import claims, outbox
from notifications.states import Channel, MessageState
from tests.proofs.messages.judge import Judge
from tests.proofs.messages.month import HOLIDAY, Month
from tests.sizes import size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_carriers")]
RESIDENTS = size(12, 200, "residents of the month")
CONTROL = 6


class Telephones:
    """Takes everything, and like files for a modem it reports nothing."""

    provider, is_repeatable, reports = "file", False, False

    def carry(self, parcel: Parcel) -> Receipt:
        return Receipt()


@pytest.fixture(autouse=True)
def _telephones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(channels.CARRIERS, Channel.SMS, Telephones())


def lived(residents: int, seed: int = 17) -> Judge:
    month = Month(residents, days=30, seed=seed)
    month.run()
    return Judge({HOLIDAY}, month.starts)


def test_a_month_disturbs_nobody_and_reminds_in_time() -> None:
    judge = lived(RESIDENTS)
    assert judge.quiet_hours() > 3 * RESIDENTS
    assert judge.caps() > RESIDENTS / 4, "nobody was ever told as much as they allow: the cap was not tried"
    reminded = judge.reminders()
    assert min(reminded.values()) > RESIDENTS / 4 and len(reminded) == 3, reminded
    assert not Message.objects.filter(state__in=(MessageState.CLAIMED, MessageState.UNKNOWN)).exists()


def test_the_control_without_quiet_hours_somebody_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(contact: Any, message_class: str, due_at: datetime, *, now: datetime, **more: Any) -> datetime:
        return max(due_at, now)

    monkeypatch.setattr(outbox, "when_to_tell", at_once)
    monkeypatch.setattr(claims, "when_to_tell", at_once)
    judge = lived(CONTROL)
    with pytest.raises(AssertionError):
        judge.quiet_hours()


def test_the_control_without_the_cap_somebody_is_told_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(messages: Collection[Message], now: datetime) -> set[Any]:
        return {message.pk for message in messages}

    monkeypatch.setattr(claims, "_counted", all_of_them)
    judge = lived(CONTROL)
    judge.quiet_hours()
    with pytest.raises(AssertionError):
        judge.caps()
