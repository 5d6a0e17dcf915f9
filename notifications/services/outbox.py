"""Writing a message: a row with a unique key, in the transaction of the change it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.nudge import nudge_on_commit
from notifications.channels import address
from notifications.models import Contact, Message
from notifications.states import Channel, MessageState

SEND_DUE = "notifications.tasks.send_due"


@transaction.atomic
def enqueue(
    *,
    contact: Contact,
    key: str,
    kind: str,
    subject: str,
    body: str,
    now: datetime,
    link: str = "",
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    channels: Sequence[str] | None = None,
) -> list[Message]:
    """One row for each channel of the contact (or of `channels`), under `key:channel`.

    A second call with the same key changes nothing and answers the rows that stand. In-app rows are there
    with the commit (and show from `due_at`); the others are sent after it. A contact without an address, or one that
    said stop, gets in-app rows only: the list may be empty, and then somebody must be phoned.
    """
    rows = [
        _row(contact, key, channel, now, due_at or now)
        for channel in dict.fromkeys(contact.channels if channels is None else channels)
        if channel == Channel.IN_APP or (contact.stopped_at is None and address(contact, channel))
    ]
    for row in rows:
        row.kind, row.link, row.expires_at = kind, link, expires_at
        row.subject, row.body = " ".join(subject.split()), body
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    standing = list(Message.objects.filter(key__in=[row.key for row in rows]).order_by("key"))
    mine = {row.pk for row in rows}
    if any(row.pk in mine and row.state == MessageState.QUEUED and row.due_at <= now for row in standing):
        nudge_on_commit(SEND_DUE)
    return standing


def _row(contact: Contact, key: str, channel: str, now: datetime, due_at: datetime) -> Message:
    in_app = channel == Channel.IN_APP
    return Message(
        municipality_id=contact.municipality_id,
        contact=contact,
        channel=channel,
        key=f"{key}:{channel}",
        recipient="" if in_app else address(contact, channel),
        due_at=due_at,
        state=MessageState.SENT if in_app else MessageState.QUEUED,
        sent_at=due_at if in_app else None,
    )
