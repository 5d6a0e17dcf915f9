"""Senders side by side: each message goes once, and never inside a transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction

from notifications.models import Message
from notifications.services import claims, sending
from notifications.states import Channel, MessageClass, MessageState
from tests.notifications.conftest import Carrier

Tell = Callable[..., list[Message]]
pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_sending_refuses(letter: Message, through: Callable[..., Carrier], now: datetime) -> None:
    carrier = through()
    with pytest.raises(RuntimeError), transaction.atomic():
        sending.send_due(now=now)
    assert not carrier.carried


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_senders_share_the_work_and_send_nothing_twice(
    tell: Tell, through: Callable[..., Carrier], now: datetime
) -> None:
    carrier = through()
    for number in range(40):
        tell(f"offer:{number}:made", channels=[Channel.EMAIL], message_class=MessageClass.CANCELLATION)
    gate = threading.Barrier(4)
    sent: list[int] = []

    def run() -> None:
        try:
            gate.wait()
            sent.append(sending.send_due(now=now))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 40
    assert set(carrier.carried.values()) == {1}
    assert Message.objects.filter(state=MessageState.SENT, attempts=1).count() == 40


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_claim_two_senders_do_send_twice(
    tell: Tell, through: Callable[..., Carrier], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the test above can fail."""
    carrier = through()
    monkeypatch.setattr(sending, "begin", lambda batch, now: [message.pk for message in batch])
    tell(channels=[Channel.EMAIL])
    due = Message.objects.select_related("contact").get()
    monkeypatch.setattr(claims, "take", lambda **given: [due] if now_asked.acquire(blocking=False) else None)
    now_asked = threading.Semaphore(4)
    gate = threading.Barrier(4)

    def run() -> None:
        try:
            gate.wait()
            sending.send_due(now=now)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert carrier.carried[due.pk] == 4
