"""What became of messages, hour by hour: one row a municipality and channel, added to while sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from notifications.models import FailureHour, Message, MessageHour

# A message handed over so soon after it was ready came in time.
IN_TIME = timedelta(seconds=10)


@transaction.atomic(savepoint=False)
def count(municipality_id: str, channel: str, now: datetime, **more: int) -> None:
    """Add to the figures of this hour, by field name."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    about = {"municipality_id": municipality_id, "channel": channel, "hour": hour}
    added = {name: F(name) + number for name, number in more.items()}
    if not MessageHour.objects.filter(**about).update(**added):
        MessageHour.objects.bulk_create([MessageHour(**about)], ignore_conflicts=True)
        MessageHour.objects.filter(**about).update(**added)


def count_all(happened: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Many at once, each (municipality, channel, field name): one statement a municipality and channel."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for municipality_id, channel, name in happened:
        sums.setdefault((municipality_id, channel), Counter())[name] += 1
    _add(sums, now)


def count_handed(messages: Iterable[Message], now: datetime) -> None:
    """A batch that was handed over, one statement a municipality and channel."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for message in messages:
        sum_ = sums.setdefault((message.municipality_id, message.channel), Counter())
        sum_["handed"] += 1
        sum_["in_time"] += now - message.ready_at <= IN_TIME
        sum_["segments"] += message.segments
    _add(sums, now)


def _add(sums: Mapping[tuple[str, str], Counter[str]], now: datetime) -> None:
    # Always in the same order, so that two senders do not wait for each other.
    for (municipality_id, channel), sum_ in sorted(sums.items()):
        count(municipality_id, channel, now, **sum_)


@transaction.atomic
def count_cause(message: Message, cause: str, now: datetime) -> None:
    """One message more that did not arrive, or nobody knows whether it did, for this cause."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    about = {"municipality_id": message.municipality_id, "channel": message.channel, "hour": hour, "cause": cause[:200]}
    FailureHour.objects.bulk_create([FailureHour(**about)], ignore_conflicts=True)
    FailureHour.objects.filter(**about).update(count=F("count") + 1)
