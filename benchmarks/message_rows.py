"""The rows of the measuring: people, their messages, and what became of them. Needs Django set up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone

from core.phones import phone_hash
from notifications.kinds import Kind, Text
from notifications.models import Contact, Message
from notifications.services import outbox
from notifications.states import Channel, MessageClass, MessageState
from places.models import Municipality

MOVING = (MessageState.QUEUED, MessageState.CLAIMED)
# Between two of a person's messages nothing is counted: the cap is proved elsewhere, and here it is looked up.
OFTEN = 10_000
WORDS = "Утре в 10:30 ч. идва Иванка Делева, карта 0117. Лична карта и бележка от НОИ. Отговорете ДА."


def people(codes: Sequence[str], number: int) -> list[Contact]:
    """So many people with a telephone who may be told things at any hour, shared out among the municipalities."""
    homes = [
        Municipality.objects.get_or_create(pk=code, defaults={"name_bg": code, "name_en": code, "active": True})[0]
        for code in codes
    ]
    rows = []
    for index in range(number):
        home = homes[index % len(homes)]
        phone = f"+35988{homes.index(home)}{index:06}"
        rows.append(
            Contact(
                municipality=home,
                phone=phone,
                phone_hash=phone_hash(phone),
                channels=[Channel.SMS],
                quiet_from=time(8),
                quiet_until=time(8),
                on_free_days=True,
                daily_cap=OFTEN,
            )
        )
    return Contact.objects.bulk_create(rows, batch_size=1000)


def fill(contacts: Sequence[Contact]) -> datetime:
    """One message for each, all at once; answers when they stood there."""
    now = timezone.now()
    rows = [
        Message(
            municipality_id=contact.municipality_id, contact=contact, channel=Channel.SMS, key=f"fill:{contact.pk}:sms",
            kind="reminder", message_class=MessageClass.ORDINARY, subject="Посещение", body=WORDS, short=WORDS,
            ready_at=now, due_at=now,
        )
        for contact in contacts
    ]  # fmt: skip
    outbox.write(rows, now=now)
    return timezone.now()


def tell(contact: Contact, number: int) -> UUID:
    """One message, as a notice writes it."""
    kind = Kind("reminder", MessageClass.ORDINARY)
    text = Text("Посещение", WORDS, WORDS)
    (row,) = outbox.enqueue(contact=contact, key=f"one:{number}", kind=kind, text=text, now=timezone.now())
    return row.pk


def all_sent() -> bool:
    return not Message.objects.exclude(state=MessageState.SENT).exists()


def none_moving() -> bool:
    return not Message.objects.filter(state__in=MOVING).exists()


def last_sent() -> datetime:
    latest: Any = Message.objects.aggregate(Max("sent_at"))["sent_at__max"]
    return latest


def waits(named: Collection[UUID] | None = None, without: str = "") -> list[float]:
    """Seconds from ready to handed over, of these messages or of all."""
    rows = Message.objects.exclude(municipality=without).values_list("pk", "ready_at", "sent_at")
    wanted = None if named is None else set(named)
    return [(sent - ready).total_seconds() for pk, ready, sent in rows if sent and (wanted is None or pk in wanted)]


def states() -> dict[str, int]:
    return dict(Message.objects.order_by("state").values_list("state").annotate(Count("pk")))
