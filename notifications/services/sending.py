"""Sending what is due: claim, commit, send, record.

A message is claimed by UPDATE (one row changed: it is ours) and sent outside any transaction. A sender that
dies between sending and recording leaves a stale claim, which is sent again: e-mail arrives at least once,
under the same Message-ID; a file is overwritten by itself.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from core.killpoints import reach
from core.nudge import nudge
from notifications.channels import CannotSend, carrier
from notifications.models import Message
from notifications.services import desk_tasks
from notifications.services.outbox import SEND_DUE
from notifications.states import MESSAGE_MOVES, MessageState, TaskKind

logger = logging.getLogger(__name__)

BATCH = 200
BATCH_SECONDS = 120.0
MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
# Longer than a healthy hand-over takes. One that is slower may be sent twice, never lost.
STALE_AFTER = timedelta(seconds=60)


def send_due(*, now: datetime) -> int:
    """Send what is due at `now`, oldest first, for at most two minutes. Answers how many were handed over."""
    started = time.monotonic()
    expire_late(now=now)
    due = list(Message.objects.due(now).order_by("due_at").values_list("pk", flat=True)[:BATCH])
    sent = 0
    for pk in due:
        passed = time.monotonic() - started
        if passed > BATCH_SECONDS:
            break
        sent += send(pk, now=now + timedelta(seconds=passed))
    if len(due) == BATCH:
        nudge(SEND_DUE)
    return sent


def send(message_id: UUID, *, now: datetime) -> bool:
    """Claim and send one message. False when it is not ours, too late, or did not get through."""
    reach("claim.before")
    message = claim(message_id, now=now)
    if message is None:
        return False
    reach("claim.after")
    try:
        reach("send.before")
        carrier(message.channel).carry(message)
        reach("send.after")
    except CannotSend as error:
        _not_sent(message, error.reason, now=now, final=error.final)
        return False
    except Exception as error:
        # One broken message must not hold up the others. Its text may be personal: only the kind is logged.
        logger.error("Message %s could not be sent: %s", message.pk, type(error).__name__)
        _not_sent(message, type(error).__name__, now=now, final=False)
        return False
    reach("commit.before")
    _move(message, MessageState.SENT, sent_at=now, failure="")
    reach("commit.after")
    return True


def claim(message_id: UUID, *, now: datetime) -> Message | None:
    """Make the message ours and commit that; None when it is another's, not due, or too late."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    # Durable: inside somebody's transaction this raises, so nothing can be sent there.
    with transaction.atomic(durable=True):
        claimed = Message.objects.due(now).filter(in_time, pk=message_id)
        if not claimed.update(state=MessageState.CLAIMED, claimed_at=now, attempts=F("attempts") + 1):
            return None
    return Message.objects.get(pk=message_id)


def expire_late(*, now: datetime) -> int:
    """What would come too late is not sent any more."""
    late = Message.objects.filter(state=MessageState.QUEUED, expires_at__lte=now)
    return late.update(state=MessageState.EXPIRED)


def reclaim_stale(*, now: datetime) -> int:
    """Put back what a dead sender had claimed. Answers how many were found."""
    stale = list(Message.objects.stale(now - STALE_AFTER)[:BATCH])
    for message in stale:
        _not_sent(message, "SenderDied", now=now, final=False, wait=timedelta())
    if stale:
        nudge(SEND_DUE)
    return len(stale)


def wait_after(attempts: int) -> timedelta:
    """30 seconds, a minute, two … half an hour; half of it by chance, so that not all come back at once."""
    full = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


@transaction.atomic
def _not_sent(message: Message, reason: str, *, now: datetime, final: bool, wait: timedelta | None = None) -> None:
    """Try again later, or give up and ask the desk."""
    if not final and message.attempts < MAX_ATTEMPTS:
        again = now + (wait_after(message.attempts) if wait is None else wait)
        _move(message, MessageState.QUEUED, due_at=again, claimed_at=None, failure=reason)
        return
    if _move(message, MessageState.FAILED, failure=reason):
        desk_tasks.ask(
            municipality=message.municipality,
            kind=TaskKind.MESSAGE_FAILED,
            subject_type="message",
            subject_id=message.pk,
            due_at=now,
            now=now,
            facts={"kind": message.kind, "channel": message.channel},
        )


def _move(message: Message, target: MessageState, **changes: object) -> bool:
    """Write the state if the table allows it and the claim is still ours (or, once sent, whoever has it)."""
    rows = Message.objects.filter(pk=message.pk, state__in=MESSAGE_MOVES[target])
    if target != MessageState.SENT:
        rows = rows.filter(claimed_at=message.claimed_at)
    return bool(rows.update(state=target, **changes))
