"""When one way fails the next is taken, in the end a person who calls. Each message is passed on once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from core.crypto import CannotOpen
from notifications.models import Message
from notifications.services import desk_tasks, outbox
from notifications.services.ways import next_way, ways
from notifications.states import MESSAGE_MOVES, REPORTING, MessageClass, MessageState, TaskKind

# So long after its sender died a report may still settle a message; then it is taken up elsewhere.
SETTLES_WITHIN = timedelta(minutes=10)
# So long a channel that reports may keep silent about a message that must arrive.
REPORTS_WITHIN = {
    MessageClass.SAFETY: timedelta(minutes=10),
    MessageClass.URGENT: timedelta(minutes=30),
    MessageClass.CANCELLATION: timedelta(hours=1),
    MessageClass.ORDINARY: timedelta(hours=12),
}
# So long a message that must arrive waits for a provider that rests; then it goes another way.
WAITS_WITHIN = {
    MessageClass.SAFETY: timedelta(minutes=2),
    MessageClass.URGENT: timedelta(minutes=5),
    MessageClass.CANCELLATION: timedelta(minutes=15),
    MessageClass.ORDINARY: timedelta(hours=4),
}
BATCH = 200


@transaction.atomic
def give_up(message: Message, reason: str, *, now: datetime) -> bool:
    """This way did not work. False where somebody else settled it, or a report says it arrived."""
    rows = Message.objects.filter(pk=message.pk, state__in=MESSAGE_MOVES[MessageState.FAILED])
    if not rows.update(state=MessageState.FAILED, failure=reason, settled_at=now, claim=None):
        return False
    pass_on(message, now=now)
    return True


@transaction.atomic
def pass_on(message: Message, *, now: datetime) -> Message | None:
    """The same by the next way; None where there is none left, or it was passed on before."""
    if not Message.objects.filter(pk=message.pk, passed_on_at=None).update(passed_on_at=now):
        return None
    if message.expires_at is not None and message.expires_at <= now:
        return None
    tried = Message.objects.filter(contact_id=message.contact_id, key__startswith=f"{message.thing}:")
    possible = ways(message.contact, message.message_class, must_arrive=message.must_arrive)
    way = next_way(possible, [row.channel for row in tried if row.thing == message.thing])
    row = _instead(message, way, now) if way is not None else None
    if row is None:
        if message.must_arrive:
            _ask_desk(message, now)
        return None
    return outbox.write([row], now=now)[0]


def _instead(message: Message, channel: str, now: datetime) -> Message | None:
    """The same for another channel; None where its words cannot be opened any more."""
    try:
        subject, body, short = message.subject, message.body, message.short
    except (CannotOpen, ValueError):
        return None
    return Message(
        municipality_id=message.municipality_id, contact=message.contact, channel=channel,
        key=f"{message.thing}:{channel}", kind=message.kind, message_class=message.message_class,
        must_arrive=message.must_arrive, subject=subject, body=body, short=short,
        link=message.link, asks=message.asks, reply_code=message.reply_code, early=message.early,
        expires_at=message.expires_at, ready_at=now, due_at=now, instead_of=message,
    )  # fmt: skip


def _ask_desk(message: Message, now: datetime) -> None:
    desk_tasks.ask(
        municipality=message.municipality, kind=TaskKind.MESSAGE_FAILED, subject_type="message",
        subject_id=message.pk, due_at=now, now=now, facts={"kind": message.kind, "channel": message.channel},
    )  # fmt: skip


def pass_on_unsettled(*, now: datetime) -> int:
    """Messages whose fate is still unknown after their time go on by another way. Answers how many."""
    rows = Message.objects.unsettled().filter(settled_at__lte=now - SETTLES_WITHIN).select_related("contact")
    waiting = list(rows.order_by("settled_at")[:BATCH])
    for message in waiting:
        pass_on(message, now=now)
    return len(waiting)


def doubt_unreported(*, now: datetime) -> int:
    """What must arrive and nobody reported on in time is unknown from now on. Answers how many."""
    doubted = 0
    for message_class, within in REPORTS_WITHIN.items():
        silent = Message.objects.filter(
            state=MessageState.SENT, channel__in=REPORTING, message_class=message_class, must_arrive=True,
            sent_at__lte=now - within,
        ).exclude(provider="file")  # fmt: skip
        doubted += silent.update(state=MessageState.UNKNOWN, settled_at=now - SETTLES_WITHIN, failure="NoReport")
    return doubted


def pass_over_resting(*, channels: Collection[str], now: datetime) -> int:
    """What must arrive and waits too long for a provider that does not answer goes another way. Answers how many."""
    passed = 0
    for message_class, within in WAITS_WITHIN.items():
        waiting = Message.objects.due(now).filter(
            channel__in=channels, message_class=message_class, must_arrive=True, ready_at__lte=now - within
        )
        for message in waiting.select_related("contact").order_by("due_at")[:BATCH]:
            passed += give_up(message, "ProviderDown", now=now)
    return passed
