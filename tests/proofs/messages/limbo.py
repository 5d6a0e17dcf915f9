"""The sweeps with the hours passed through, and what no row may be afterwards: in limbo."""

from __future__ import annotations

from datetime import datetime, timedelta

from notifications.models import DeskTask, InboundMessage, Message
from notifications.services import sending, watch
from notifications.states import BY_HAND, InboundState, MessageState
from requests.services import replies

S = MessageState
FINAL = (S.DELIVERED, S.FAILED, S.EXPIRED)


def sweeps(since: datetime, hours: float, each: timedelta = timedelta(minutes=10)) -> datetime:
    """What beat does, every ten minutes of these hours; answers when they are over."""
    now, until = since, since + timedelta(hours=hours)
    while now < until:
        now += each
        watch.run(now=now)
        sending.send_due(now=now)
        replies.read_all(now=now)
    return now


def check(now: datetime) -> None:
    """Every message has an end or a time, every reply was made something of."""
    for row in Message.objects.all():
        assert _has_an_end(row) or (row.state == S.QUEUED and row.due_at > now), (row.key, row.state, row.failure)
    for reply in InboundMessage.objects.all():
        assert reply.state != InboundState.RECEIVED, reply.pk
        if reply.state == InboundState.AT_DESK:
            assert DeskTask.objects.open().filter(subject_type="inbound", subject_id=reply.pk).exists(), reply.pk


def _has_an_end(row: Message) -> bool:
    if row.channel in BY_HAND and row.state == S.SENT:
        return DeskTask.objects.open().filter(subject_type="message", subject_id=row.pk).exists()
    if row.state == S.UNKNOWN:
        return row.passed_on_at is not None
    return row.state in (*FINAL, S.SENT)


def went_on(row: Message) -> Message:
    """The message by another way that took this one's place."""
    return Message.objects.get(instead_of=row)
