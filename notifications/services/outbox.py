"""Writing a message: a row with a unique key, in the transaction of the change it tells of.

A message goes one way at a time: the first of the contact's channels; the next is taken when that one fails
(`passing`). Beside it stands a copy in the app for those who sign in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import transaction

from core.nudge import nudge_on_commit
from notifications.channels import address
from notifications.hours import when_to_tell
from notifications.kinds import Kind, Text
from notifications.models import Contact, Message
from notifications.services import by_hand
from notifications.services.ways import next_way, ways
from notifications.states import BY_HAND, Channel, MessageState

SEND_DUE = "notifications.tasks.send_due"
_untold: ContextVar[bool] = ContextVar("untold", default=False)


@contextmanager
def untold() -> Iterator[None]:
    """Within, no person and no system is told anything: for what happened long ago and is only written down now."""
    before = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(before)


def tells() -> bool:
    """Whether messages are written here."""
    return not _untold.get()


@transaction.atomic
def enqueue(
    *,
    contact: Contact,
    key: str,
    kind: Kind,
    text: Text,
    now: datetime,
    link: str = "",
    due_at: datetime | None = None,
    early: bool = False,
    expires_at: datetime | None = None,
    channels: Sequence[str] | None = None,
    asks: bool = False,
    reply_code: str = "",
) -> list[Message]:
    """The rows that tell this: one on the first way open, under `key:channel`, and one in the app.

    A second call with the same key changes nothing and answers the rows that stand. In-app rows are there
    with the commit (and show from `due_at`); the others are sent after it, when the contact may be told (`early`:
    rather before quiet hours than after them). What must arrive and has no way is asked of the desk.
    """
    if not tells():
        return []
    standing = list(Message.objects.filter(key__startswith=f"{key}:").order_by("key"))
    standing = [row for row in standing if row.thing == key]
    if standing:
        return standing
    possible = ways(contact, kind.message_class, must_arrive=kind.must_arrive, or_call=kind.or_call, chosen=channels)
    chosen = [next_way(possible, ())]
    if Channel.IN_APP in (contact.channels if channels is None else channels):
        chosen.insert(0, Channel.IN_APP)
    rows = [
        Message(
            municipality_id=contact.municipality_id, contact=contact, channel=channel, key=f"{key}:{channel}",
            kind=kind.code, message_class=kind.message_class, must_arrive=kind.must_arrive,
            subject=" ".join(text.subject.split()), body=text.body, short=text.short, link=link,
            asks=asks, reply_code=reply_code, early=early, expires_at=expires_at,
            ready_at=due_at or now, due_at=due_at or now,
        )
        for channel in chosen if channel is not None
    ]  # fmt: skip
    made = write(rows, now=now)
    if kind.must_arrive and not [row for row in made if row.channel != Channel.IN_APP]:
        by_hand.ask_no_way(contact, key, kind.code, now=now)
    return made


def write(rows: Sequence[Message], *, now: datetime) -> list[Message]:
    """Put rows into the outbox that were not there before, each as its channel asks; answers those that stand."""
    for row in rows:
        _prepare(row, now)
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    standing = list(Message.objects.filter(key__in=[row.key for row in rows]).order_by("key"))
    mine = {row.pk for row in rows}
    new = [row for row in standing if row.pk in mine]
    for row in new:
        if row.channel in BY_HAND:
            by_hand.hand_to_desk(row, now=now)
    if any(row.state == MessageState.QUEUED and row.due_at <= now for row in new):
        nudge_on_commit(SEND_DUE)
    return standing


def _prepare(row: Message, now: datetime) -> None:
    if row.channel == Channel.IN_APP:
        row.state, row.sent_at = MessageState.SENT, row.due_at
        return
    # A sign-in code says itself where it goes.
    row.recipient = "" if row.channel == Channel.PAPER else row.recipient or address(row.contact, row.channel)
    row.due_at = when_to_tell(
        row.contact, row.message_class, row.due_at, now=now, early=row.early, expires_at=row.expires_at
    )
    # What could only be told at once and may not be told yet is ready when it may.
    row.ready_at = row.due_at
    if row.channel in BY_HAND:
        row.state, row.sent_at = MessageState.SENT, now


@transaction.atomic
def call_off(about: str, *, now: datetime) -> int:
    """What is queued under keys that begin with `about` is not told any more: its cause is gone. Answers how many.

    What is being handed over at this moment may still go; calls that were asked of the desk are taken back.
    """
    if not tells():
        return 0
    ours = Message.objects.filter(key__startswith=about)
    off = {"settled_at": now, "failure": "CalledOff"}
    gone = ours.filter(state=MessageState.QUEUED).update(state=MessageState.EXPIRED, **off)
    gone += ours.filter(channel=Channel.IN_APP, sent_at__gt=now).delete()[0]
    by_hands = ours.filter(channel__in=BY_HAND, state=MessageState.SENT, settled_at=None)
    for row in list(by_hands):
        by_hand.take_back(row, now=now)
        gone += 1
    return gone
