"""Reading for those who look after messages: figures that were counted while sending, and short lists by an index.

Nothing here counts the message table: under a flood of messages that is the slowest question of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet, Sum

from notifications.channels import carrier
from notifications.models import FailureHour, Message, MessageHour, Provider, QueueLength
from notifications.states import CARRIED, Channel, MessageState
from places.models import Municipality

# What a list shows at once; the next part begins where it ends.
LIST = 10
CAUSES = 25
SUMS = ("handed", "in_time", "delivered", "failed", "unknown", "expired", "segments")
NOT_ARRIVED = (MessageState.FAILED, MessageState.UNKNOWN)


@dataclass(frozen=True)
class Rate:
    """What became of messages on one channel in some hours."""

    channel: str
    handed: int = 0
    in_time: int = 0
    delivered: int = 0
    failed: int = 0
    unknown: int = 0
    expired: int = 0
    segments: int = 0

    @property
    def label(self) -> str:
        return str(Channel(self.channel).label) if self.channel else ""

    @property
    def in_time_share(self) -> float | None:
        return self.in_time / self.handed if self.handed else None


def rates(since: datetime, until: datetime, municipality: Municipality | None = None) -> list[Rate]:
    """By channel, those with anything first in their own order; of one municipality or of all."""
    rows = MessageHour.objects.filter(hour__gte=since, hour__lt=until, channel__in=CARRIED)
    if municipality is not None:
        rows = rows.filter(municipality=municipality)
    summed = rows.values("channel").annotate(**{f"sum_{name}": Sum(name) for name in SUMS}).order_by()
    found = {}
    for row in summed:
        sums: dict[str, Any] = dict(row)
        found[row["channel"]] = Rate(row["channel"], *(sums[f"sum_{name}"] or 0 for name in SUMS))
    return [found[channel] for channel in CARRIED if channel in found]


def together(rates: list[Rate]) -> Rate:
    return Rate("", *(sum(getattr(rate, name) for rate in rates) for name in SUMS))


def by_hour(since: datetime, until: datetime) -> list[tuple[datetime, int, int]]:
    """Hour, handed over, and of these in time, for the whole installation."""
    rows = MessageHour.objects.filter(hour__gte=since, hour__lt=until, channel__in=CARRIED)
    summed = rows.values("hour").annotate(handed_=Sum("handed"), in_time_=Sum("in_time")).order_by("hour")
    return [(row["hour"], row["handed_"], row["in_time_"]) for row in summed]


def causes(municipality: Municipality, since: datetime) -> list[dict[str, Any]]:
    """Why messages did not arrive, the commonest first: `channel`, `cause`, `total`."""
    rows = FailureHour.objects.filter(municipality=municipality, hour__gte=since)
    summed = rows.values("channel", "cause").annotate(total=Sum("count")).order_by("-total", "cause")
    return [dict(row) for row in summed[:CAUSES]]


def queues(municipality: Municipality) -> QuerySet[QueueLength]:
    """What waits, as the last watch saw it."""
    return QueueLength.objects.filter(municipality=municipality, channel__in=CARRIED).order_by("channel")


def not_arrived(municipality: Municipality, before: datetime | None = None) -> list[Message]:
    """What failed or is unknown, the newest first; one row more than LIST says that there are others."""
    rows = Message.objects.filter(municipality=municipality, state__in=NOT_ARRIVED, settled_at__isnull=False)
    if before is not None:
        rows = rows.filter(settled_at__lt=before)
    return list(rows.select_related("contact").order_by("-settled_at")[: LIST + 1])


def waiting(municipality: Municipality, after: datetime | None = None) -> list[Message]:
    """What has not gone out, the first due first."""
    rows = Message.objects.filter(municipality=municipality, state=MessageState.QUEUED)
    if after is not None:
        rows = rows.filter(due_at__gt=after)
    return list(rows.select_related("contact").order_by("due_at")[: LIST + 1])


def access_message_of(municipality: Municipality, pk: UUID) -> Message:
    """The door from an operator's page to one message. Raises Message.DoesNotExist."""
    return Message.objects.select_related("contact", "municipality").get(municipality=municipality, pk=pk)


@dataclass(frozen=True)
class Standing:
    """A provider: whether it rests, until when, and what is left of what was paid for."""

    code: str
    channels: list[str]
    rests_until: datetime | None
    failures: int
    credits: Decimal | None
    credits_at: datetime | None
    low: bool


def providers(now: datetime) -> list[Standing]:
    """Those in use now, whether they were ever in trouble or not."""
    used: dict[str, list[str]] = {}
    for channel in CARRIED:
        if (who := carrier(channel)) is not None:
            used.setdefault(who.provider, []).append(str(channel.label))
    known = Provider.objects.in_bulk(list(used))
    found = []
    for code, channels in sorted(used.items()):
        row = known.get(code) or Provider(code=code)
        rests = row.rests_until if row.rests_until and row.rests_until > now else None
        low = row.credits is not None and row.credits < settings.CREDITS_LOW
        found.append(Standing(code, channels, rests, row.failures_in_row, row.credits, row.credits_at, low))
    return found


def is_seen_late(row: QueueLength, now: datetime) -> bool:
    """The watch has not looked for so long that its figures say little."""
    return now - row.seen_at > timedelta(minutes=3)
