"""How a provider does, and what was handed over hour by hour: counted while sending, never by counting messages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from notifications.states import Channel
from places.models import Municipality


class Provider(models.Model):
    """A gateway messages leave by. Too many failures in a row open its circuit: then it rests."""

    code = models.CharField(max_length=20, primary_key=True)
    failures_in_row = models.PositiveIntegerField(default=0)
    # While it rests nothing is handed to it; afterwards one message tries.
    rests_until = models.DateTimeField(null=True, blank=True)
    resting_since = models.DateTimeField(null=True, blank=True)
    # What is left of what was paid for, in the provider's own units, and when that was known.
    credits = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    credits_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class MessageHour(models.Model):
    """What became of a municipality's messages on one channel in one hour (UTC)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    hour = models.DateTimeField()
    handed = models.PositiveIntegerField(default=0)
    # Of these, handed over within ten seconds of the moment they were ready.
    in_time = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    expired = models.PositiveIntegerField(default=0)
    segments = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "channel", "hour"], name="one_figure_an_hour")
        ]
        indexes: ClassVar = [models.Index(fields=["hour"], name="figure_by_hour")]

    def __str__(self) -> str:
        return f"{self.channel} {self.hour:%Y-%m-%d %H}"


class FailureHour(models.Model):
    """Why messages of a municipality did not arrive by one channel in one hour (UTC)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    hour = models.DateTimeField()
    # A code without personal text, as the message keeps it.
    cause = models.CharField(max_length=200)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "channel", "hour", "cause"], name="one_cause_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.cause}"


class QueueLength(models.Model):
    """What waits on one channel of a municipality, as the last sweep saw it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    seen_at = models.DateTimeField()
    waiting = models.PositiveIntegerField(default=0)
    oldest_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "channel"], name="one_length_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.waiting}"
