"""What became of messages that were handed over: written down once, and only where they are still ours."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from core.nudge import nudge
from notifications.channels import Receipt, carrier
from notifications.models import Message
from notifications.services import circuit, claims, figures, passing
from notifications.services.outbox import SEND_DUE
from notifications.states import MESSAGE_MOVES, MessageClass, MessageState

MOST_ATTEMPTS = {MessageClass.SAFETY: 3, MessageClass.URGENT: 3, MessageClass.CANCELLATION: 4, MessageClass.ORDINARY: 8}
# That a sender died says little of its message; but one that ends every sender must end too.
MOST_DEATHS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)
# Longer than a hand-over may take (`sending.PATIENCE_SECONDS`): whoever claimed it then is dead.
STALE_AFTER = timedelta(seconds=25)


@dataclass(slots=True)
class Outcome:
    """What became of one parcel."""

    message: Message
    receipt: Receipt | None = None
    reason: str = ""
    final: bool = False
    unknown: bool = False
    provider_ok: bool = False
    at_once: bool = False
    # Browsers that are no more.
    gone: tuple[UUID, ...] = ()
    # Seconds the provider asked us to wait.
    wait: int = 0


@transaction.atomic
def handed_over(outcomes: Sequence[Outcome], now: datetime) -> None:
    """All of these in few statements; what a report settled meanwhile stays settled."""
    given = [(outcome.message, outcome.receipt) for outcome in outcomes if outcome.receipt is not None]
    for message, receipt in given:
        message.provider_ref, message.cost = receipt.reference[:100], receipt.cost
    messages = [message for message, _receipt in given]
    _write_receipts(messages)
    rows = Message.objects.filter(pk__in=[message.pk for message in messages])
    rows.filter(state__in=MESSAGE_MOVES[MessageState.SENT]).update(
        state=MessageState.SENT, sent_at=now, failure="", claim=None
    )
    figures.count_handed(messages, now)


def _write_receipts(messages: Sequence[Message]) -> None:
    """What each was given on its way, in one statement: `bulk_update` takes a third of a sender's time for it."""
    names = ("id", "provider", "provider_ref", "length", "segments", "cost")
    known = {field.name: field for field in Message._meta.concrete_fields}
    fields = [known[name] for name in names]
    values = [
        field.get_db_prep_value(getattr(message, field.attname), connection)
        for message in messages for field in fields
    ]  # fmt: skip
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(messages))
    table = connection.ops.quote_name(Message._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH given (id, provider, provider_ref, length, segments, cost) AS (VALUES {rows}) "  # noqa: S608  # nosec
            f"UPDATE {table} SET provider = given.provider, provider_ref = given.provider_ref, "
            "length = given.length, segments = given.segments, cost = CAST(given.cost AS numeric) "
            f"FROM given WHERE {table}.id = given.id",
            values,
        )


def not_sent(outcome: Outcome, *, now: datetime) -> None:
    """Nobody knows, try again later, or go on by another way."""
    message = outcome.message
    if outcome.unknown:
        if _move(message, MessageState.UNKNOWN, settled_at=now, failure=outcome.reason):
            figures.count(message.municipality_id, message.channel, now, unknown=1)
            figures.count_cause(message, outcome.reason, now)
        return
    most = MOST_DEATHS if outcome.at_once else MOST_ATTEMPTS[MessageClass(message.message_class)]
    again = now if outcome.at_once else now + max(wait_after(message.attempts), _asked(outcome))
    in_time = message.expires_at is None or again < message.expires_at
    if not outcome.final and message.attempts < most and in_time:
        _move(message, MessageState.QUEUED, due_at=again, failure=outcome.reason)
        return
    if _is_mine(message) and passing.give_up(message, outcome.reason, now=now):
        figures.count(message.municipality_id, message.channel, now, failed=1)
        figures.count_cause(message, outcome.reason, now)


def wait_after(attempts: int) -> timedelta:
    """30 seconds, a minute, two … half an hour; half of it by chance, so that not all come back at once."""
    full = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


def _asked(outcome: Outcome) -> timedelta:
    return min(timedelta(seconds=outcome.wait), LONGEST_WAIT)


def tell_circuits(outcomes: Sequence[Outcome], now: datetime) -> None:
    """To each provider's circuit how these went."""
    by_provider: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if (who := carrier(outcome.message.channel)) is not None:
            by_provider.setdefault(who.provider, []).append(outcome)
    for provider, theirs in by_provider.items():
        left = [outcome.receipt.credits for outcome in theirs if outcome.receipt is not None]
        if told := [one for one in left if one is not None]:
            circuit.credits_left(provider, min(told), now=now)
        if any(outcome.provider_ok for outcome in theirs):
            circuit.worked(provider, now=now)
        else:
            circuit.failed(provider, now=now, times=len(theirs))


def reclaim_stale(*, now: datetime) -> int:
    """What a dead sender had claimed: again, or unknown. Answers how many were found."""
    stale = list(Message.objects.stale(now - STALE_AFTER).select_related("contact")[: claims.BATCH])
    for message in stale:
        who = carrier(message.channel)
        again = message.handing_at is None or (who is not None and who.is_repeatable)
        not_sent(Outcome(message, reason="SenderDied", unknown=not again, at_once=True), now=now)
    if stale:
        nudge(SEND_DUE)
    return len(stale)


def _is_mine(message: Message) -> bool:
    return Message.objects.filter(pk=message.pk, claim=message.claim).exists()


def _move(message: Message, target: MessageState, **changes: object) -> bool:
    """Write the state if the table allows it and the claim is still ours."""
    rows = Message.objects.filter(pk=message.pk, state__in=MESSAGE_MOVES[target], claim=message.claim)
    return bool(rows.update(state=target, claim=None, claimed_at=None, handing_at=None, **changes))
