"""What an operator does by hand: send once more what did not arrive, and stop what has not gone out."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Gone
from notifications.models import Message
from notifications.services import codes, figures, outbox
from notifications.services.ways import ways
from notifications.states import CARRIED, MessageState

MAY_GO_AGAIN = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.EXPIRED)


@transaction.atomic
def resend(message: Message, *, now: datetime) -> Message:
    """The same once more by the same way: a new row that names this one. Twice asked it is one row.

    Raises Gone where it arrived or waits after all, comes too late, or this way is closed to the person now.
    """
    locked = Message.objects.select_for_update(of=("self",)).select_related("contact").get(pk=message.pk)
    # A code is asked for anew by who wants it: here nobody knows whether it was used.
    if locked.state not in MAY_GO_AGAIN or locked.channel not in CARRIED or locked.kind == codes.SIGN_IN.code:
        raise Gone(_("Това съобщение не чака ново изпращане."), code="message_settled")
    if locked.expires_at is not None and locked.expires_at <= now:
        raise Gone(_("Вече е късно за това съобщение. Звъннете на човека."), code="message_late")
    if not ways(locked.contact, locked.message_class, must_arrive=False, chosen=[locked.channel]):
        raise Gone(_("Човекът вече не се търси така. Звъннете му."), code="message_no_way")
    # Whoever takes it up here takes it from the watch, which would go on by another way.
    mine = Message.objects.filter(pk=locked.pk, passed_on_at=None).update(passed_on_at=now)
    (row,) = outbox.write([_again(locked, must_arrive=locked.must_arrive and bool(mine), now=now)], now=now)
    return row


def _again(message: Message, *, must_arrive: bool, now: datetime) -> Message:
    thing = re.sub(r":r[0-9a-f]{8}$", "", message.thing)
    return Message(
        municipality_id=message.municipality_id, contact=message.contact, channel=message.channel,
        key=f"{thing}:r{message.pk.hex[:8]}:{message.channel}", kind=message.kind,
        message_class=message.message_class, must_arrive=must_arrive, subject=message.subject, body=message.body,
        short=message.short, link=message.link, asks=message.asks, reply_code=message.reply_code,
        early=message.early, expires_at=message.expires_at, ready_at=now, due_at=now, resend_of=message,
    )  # fmt: skip


@transaction.atomic
def cancel(message: Message, *, now: datetime) -> None:
    """It is not sent. Raises Gone where it is going, or has gone, already."""
    rows = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED)
    if not rows.update(state=MessageState.EXPIRED, settled_at=now, failure="CancelledByHand"):
        raise Gone(_("Съобщението вече тръгна."), code="message_gone")
    figures.count(message.municipality_id, message.channel, now, expired=1)
