"""Many people with one message each, queued as notices queue them, and what became of each message."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time

from django.db import transaction

from core.phones import phone_hash
from notifications.models import Contact, DeskTask, Message
from notifications.services import outbox
from notifications.states import BY_HAND, Channel, MessageClass, MessageState
from places.models import Municipality

S = MessageState


@transaction.atomic
def queue(count: int, *, homes: list[Municipality], now: datetime, first: int = 0) -> None:
    """One message that must arrive for each of so many people, who may be told things at any hour."""
    people = [
        Contact(
            municipality=homes[number % len(homes)], phone=_phone(number), phone_hash=phone_hash(_phone(number)),
            channels=[Channel.SMS], quiet_from=time(8), quiet_until=time(8), on_free_days=True,
        )
        for number in range(first, first + count)
    ]  # fmt: skip
    Contact.objects.bulk_create(people, batch_size=1000)
    rows = [
        Message(
            municipality_id=person.municipality_id, contact=person, channel=Channel.SMS,
            key=f"visit:{number}:moved:sms",
            kind="visit_moved", message_class=MessageClass.CANCELLATION, must_arrive=True, subject="Друг час",
            body=text(number), short=text(number), ready_at=now, due_at=now,
        )
        for number, person in enumerate(people, start=first)
    ]  # fmt: skip
    for start in range(0, count, 1000):
        outbox.write(rows[start : start + 1000], now=now)


def text(number: int) -> str:
    """The words of a person's message; its number says whose it is when it arrives."""
    return f"Idvame v chetvartak, {number:06}."


def number_of(words: str) -> int:
    return int(words.rstrip(".").rpartition(" ")[2])


def _phone(number: int) -> str:
    return f"+35988{number:07}"


def each_has_one_end(count: int, arrived: Counter[int]) -> Counter[str]:
    """Nobody was sent a message twice, and whoever was sent none is called; how the receipts stand."""
    assert not [number for number, times in arrived.items() if times > 1], arrived.most_common(3)
    sms = Message.objects.filter(channel=Channel.SMS)
    assert sms.count() == count == sms.values("key").distinct().count()
    called = set(Message.objects.filter(channel__in=BY_HAND).values_list("instead_of", flat=True))
    to_call = set(DeskTask.objects.open().filter(subject_type="message").values_list("subject_id", flat=True))
    assert set(Message.objects.filter(channel__in=BY_HAND).values_list("pk", flat=True)) == to_call
    stand: Counter[str] = Counter()
    for row in sms.only("pk", "key", "state", "passed_on_at"):
        number = int(row.key.split(":")[1])
        stand[row.state] += 1
        if row.state in (S.SENT, S.DELIVERED):
            assert arrived[number] == 1, (row.key, row.state, "never arrived")
        else:
            assert row.state in (S.UNKNOWN, S.FAILED) and row.passed_on_at, (row.key, row.state)
            assert row.pk in called, (row.key, "lost")
    return stand
