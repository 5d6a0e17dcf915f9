"""Reading in the app."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from notifications.models import Contact, Message


def mark_read(*, contacts: Iterable[Contact], now: datetime, message_id: UUID | None = None) -> int:
    """Mark one of the reader's own messages as read, or all that are there at `now`. Answers how many were new."""
    unread = Message.objects.in_app(now).unread().filter(contact__in=list(contacts))
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.update(read_at=now)
