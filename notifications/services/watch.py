"""Looking after the outbox twice a minute: what died, what nobody reports on, what waits, what runs out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min

from notifications.models import Message, QueueLength
from notifications.services import circuit, claims, outcomes, passing, shortage, webhook_sending
from notifications.states import MessageState


def run(*, now: datetime) -> None:
    """Each part by itself: one that fails keeps no other waiting."""
    outcomes.reclaim_stale(now=now)
    claims.expire_late(now=now)
    passing.doubt_unreported(now=now)
    passing.pass_on_unsettled(now=now)
    if silent := [channel for some in circuit.resting_and_trying(now) for channel in some]:
        passing.pass_over_resting(channels=silent, now=now)
    circuit.tell_desks(now=now)
    webhook_sending.reclaim_stale(now=now)
    shortage.tell_of_credits(now=now)
    shortage.tell_of_failing(now=now)
    measure(now=now)


@transaction.atomic
def measure(*, now: datetime) -> None:
    """How much waits, by municipality and channel: counted here, so that no page counts."""
    rows = Message.objects.filter(state=MessageState.QUEUED).order_by()
    seen = rows.values_list("municipality", "channel").annotate(Count("pk"), Min("due_at"))
    lengths = [
        QueueLength(municipality_id=where, channel=channel, seen_at=now, waiting=count, oldest_due_at=oldest)
        for where, channel, count, oldest in seen
    ]
    QueueLength.objects.update(waiting=0, oldest_due_at=None, seen_at=now)
    QueueLength.objects.bulk_create(
        lengths, update_conflicts=True, unique_fields=["municipality", "channel"],
        update_fields=["seen_at", "waiting", "oldest_due_at"],
    )  # fmt: skip
