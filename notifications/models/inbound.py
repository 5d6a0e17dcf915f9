"""What people wrote back by SMS, and who rang: each stays until somebody has made something of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from core.models import Personal
from notifications.states import CallbackResult, CallbackSource, InboundState
from places.models import Municipality


class InboundMessageQuerySet(models.QuerySet["InboundMessage"]):
    def waiting(self) -> InboundMessageQuerySet:
        return self.filter(state=InboundState.RECEIVED)


class InboundMessage(Personal):
    """A text somebody sent us. What must never be written down is masked before it is stored."""

    # Ours where the number belongs to one municipality's contact; the desk of the installation's first otherwise.
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT, related_name="+")
    sender = EncryptedTextField()
    sender_hash = models.CharField(max_length=32, db_index=True)
    text = EncryptedTextField()
    # `egn`, `iban` … where something was masked.
    masked = models.CharField(max_length=10, blank=True)
    # The gateway's own name for it: it brings the same one twice.
    reference = models.CharField(max_length=120, unique=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=InboundState.choices, default=InboundState.RECEIVED)
    # What was made of it, by code, and of which message it was an answer.
    handled_as = models.CharField(max_length=40, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # Read by InboundMessageQuerySet.waiting
            models.Index(fields=["received_at"], name="inbound_waiting", condition=Q(state="received"))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CallbackQuerySet(models.QuerySet["Callback"]):
    def open(self) -> CallbackQuerySet:
        return self.filter(result="")

    def free(self, now: datetime) -> CallbackQuerySet:
        return self.open().filter(Q(holder=None) | Q(lease_until__lte=now))


class Callback(Personal):
    """Somebody who must be rung back: missed, left word, or was promised. It leaves the queue only with a result."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="callbacks")
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=32)
    language = models.CharField(max_length=2, default="bg")
    source = models.CharField(max_length=10, choices=CallbackSource.choices)
    since = models.DateTimeField()
    # When somebody should ring: at once, or as promised, or after nobody answered.
    due_at = models.DateTimeField()
    # How often the person rang, and how often we did.
    rang = models.PositiveSmallIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    # What the person rings about, where a colleague promised the call.
    reason = EncryptedTextField()
    # Where a voicemail can be listened to at the telephone system.
    recording_url = EncryptedTextField()
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=CallbackResult.choices, blank=True)
    note = EncryptedTextField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CallbackQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "phone_hash"], condition=Q(result=""), name="one_open_callback_a_number"
            )
        ]
        indexes: ClassVar = [
            # Read by selectors.callbacks: a municipality's queue by due time
            models.Index(fields=["municipality", "due_at"], name="callback_open", condition=Q(result=""))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CallbackEvent(models.Model):
    """An event of the telephone system that was taken in: the same one twice counts once."""

    reference = models.CharField(max_length=120, primary_key=True)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference
