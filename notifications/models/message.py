"""The outbox: one row is one message on one channel, and its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from core.models import Personal
from notifications.models.contact import Contact
from notifications.states import BY_HAND, GONE_OUT, Channel, MessageClass, MessageState
from places.models import Municipality


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        return self.filter(state=MessageState.QUEUED, due_at__lte=now)

    def late(self, now: datetime) -> MessageQuerySet:
        return self.filter(state=MessageState.QUEUED, expires_at__lte=now)

    def stale(self, claimed_before: datetime) -> MessageQuerySet:
        return self.filter(state=MessageState.CLAIMED, claimed_at__lt=claimed_before)

    def unsettled(self) -> MessageQuerySet:
        """Not known to have arrived, and not yet taken up on another channel."""
        return self.filter(state=MessageState.UNKNOWN, passed_on_at=None)

    def in_app(self, now: datetime) -> MessageQuerySet:
        """What stands in the inbox by now; what is to be told later is not there yet."""
        return self.filter(channel=Channel.IN_APP, sent_at__lte=now)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at=None)


class Message(Personal):
    """One row of the outbox: written with the change it tells of, sent after the commit."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # `offer:<id>:made:email`: telling the same thing twice is impossible.
    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=40)
    message_class = models.CharField(max_length=12, choices=MessageClass.choices, default=MessageClass.ORDINARY)
    # Told by another way, in the end by a person, when this one fails.
    must_arrive = models.BooleanField(default=False)
    subject = EncryptedTextField()
    body = EncryptedTextField()
    # What an SMS says instead of the body.
    short = EncryptedTextField()
    recipient = EncryptedTextField()
    # Where the reader can act, a path of this site without personal data.
    link = models.CharField(max_length=200, blank=True)
    # Whether a reply by SMS is asked for, and the digits that name this one among several.
    asks = models.BooleanField(default=False)
    reply_code = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    # When it was to be handed over at first, and when it is now.
    ready_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Rather before quiet hours than after them.
    early = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Whose it is while it is claimed, and since when; and since when it is being handed over.
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    handing_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When it was known that it arrived, did not arrive, or that nobody knows.
    settled_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    # The local day whose cap it counts towards.
    counted_on = models.DateField(null=True, blank=True)
    # When the next way was taken instead, and the message this one was written for.
    passed_on_at = models.DateTimeField(null=True, blank=True)
    instead_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    resend_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="resent")
    provider = models.CharField(max_length=20, blank=True)
    provider_ref = models.CharField(max_length=100, blank=True)
    # Characters and SMS segments of what was handed over, and what the provider takes for it.
    length = models.PositiveIntegerField(default=0)
    segments = models.PositiveSmallIntegerField(default=0)
    cost = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # Read by MessageQuerySet.due, a municipality at a time
            models.Index(fields=["municipality", "due_at"], name="message_due", condition=Q(state="queued")),
            # Read by services.claims: codes before everything else
            models.Index(
                fields=["due_at"], name="message_pressing", condition=Q(state="queued", message_class="safety"),
            ),
            # Read by MessageQuerySet.late
            models.Index(
                fields=["expires_at"], name="message_late", condition=Q(state="queued", expires_at__isnull=False)
            ),
            # Read by MessageQuerySet.stale
            models.Index(fields=["claimed_at"], name="message_claimed", condition=Q(state="claimed")),
            # Read by MessageQuerySet.unsettled
            models.Index(
                fields=["settled_at"], name="message_unsettled",
                condition=Q(state="unknown", passed_on_at__isnull=True),
            ),
            # Read by services.passing.doubt_unreported: sent by a channel that reports, and nothing heard
            models.Index(
                fields=["sent_at"], name="message_unreported", condition=Q(state="sent", channel__in=["push", "sms"]),
            ),
            # Read by selectors.operators: what did not arrive here, the newest first
            models.Index(
                fields=["municipality", "-settled_at"], name="message_not_arrived",
                condition=Q(state__in=["failed", "unknown"]),
            ),
            # The inbox and the demonstration's phones, newest first
            models.Index(fields=["contact", "-created_at"], name="message_inbox"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key

    @property
    def thing(self) -> str:
        """What is told, whichever way: the key without its channel."""
        return self.key.rpartition(":")[0]

    @property
    def told_at(self) -> datetime:
        return self.sent_at or self.due_at

    @property
    def went_out(self) -> bool:
        return self.state in GONE_OUT

    @property
    def is_by_hand(self) -> bool:
        return self.channel in BY_HAND
