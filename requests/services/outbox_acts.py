"""What an operator does to a message, with who it was in the journal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notifications.models import Message
from notifications.services import resending
from requests.models import JournalEntry
from requests.services.actors import Actor


@transaction.atomic
def resend(*, message: Message, actor: Actor, now: datetime) -> Message:
    """Raises Gone."""
    row = resending.resend(message, now=now)
    _journal(message, "message_resent", actor, now)
    return row


@transaction.atomic
def cancel(*, message: Message, actor: Actor, now: datetime) -> None:
    """Raises Gone."""
    resending.cancel(message, now=now)
    _journal(message, "message_cancelled", actor, now)


def _journal(message: Message, verb: str, actor: Actor, now: datetime) -> None:
    JournalEntry.objects.create(
        municipality_id=message.municipality_id, at=now, subject_type="message", subject_id=message.pk, verb=verb,
        actor=actor.code, facts={"kind": message.kind, "channel": message.channel},
    )  # fmt: skip
