"""Delivery reports: what the provider says became of a message. They come late, twice, out of order and for nobody."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from notifications.models import Message
from notifications.services import figures, passing
from notifications.states import MESSAGE_MOVES, MessageState


class Reported(StrEnum):
    """What a provider can report, whatever its own words are."""

    DELIVERED = "delivered"
    # It lies at the provider or in the network and is tried on.
    ACCEPTED = "accepted"
    FAILED = "failed"


@transaction.atomic
def note(*, message_id: UUID, reported: Reported, now: datetime, reason: str = "", reference: str = "") -> bool:
    """Move the receipt on. False where there is no such message, or nothing is new."""
    message = Message.objects.select_related("contact").filter(pk=message_id).first()
    if message is None:
        return False
    if reference and not message.provider_ref:
        Message.objects.filter(pk=message.pk, provider_ref="").update(provider_ref=reference[:100])
    if reported == Reported.FAILED:
        failed = passing.give_up(message, reason or "Reported", now=now)
        if failed:
            figures.count(message.municipality_id, message.channel, now, failed=1)
            figures.count_cause(message, reason or "Reported", now)
        return failed
    target = MessageState.DELIVERED if reported == Reported.DELIVERED else MessageState.SENT
    rows = Message.objects.filter(pk=message.pk, state__in=MESSAGE_MOVES[target])
    when = {"settled_at": now} if target == MessageState.DELIVERED else {}
    if not rows.update(state=target, sent_at=message.sent_at or now, claim=None, failure="", **when):
        return False
    if target == MessageState.DELIVERED:
        figures.count(message.municipality_id, message.channel, now, delivered=1)
    return True
