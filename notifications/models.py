"""How someone is reached, what was told them, and what a person at the desk must do."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from core.fields import EncryptedTextField
from core.models import Personal
from notifications.states import Channel, MessageState, TaskKind
from places.models import Municipality


class Contact(Personal):
    """How one person is reached. A phone may be shared, so its hash is not unique."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="contacts")
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True)
    email = EncryptedTextField()
    # In order of preference; codes of Channel.
    channels = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="bg")
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        return self.filter(state=MessageState.QUEUED, due_at__lte=now)

    def stale(self, claimed_before: datetime) -> MessageQuerySet:
        return self.filter(state=MessageState.CLAIMED, claimed_at__lt=claimed_before)

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
    subject = EncryptedTextField()
    body = EncryptedTextField()
    recipient = EncryptedTextField()
    # Where the reader can act, a path of this site without personal data.
    link = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # Read by MessageQuerySet.due
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(state="queued")),
            # Read by MessageQuerySet.stale
            models.Index(fields=["claimed_at"], name="message_claimed", condition=models.Q(state="claimed")),
            # The inbox and the demonstration's phones, newest first
            models.Index(fields=["contact", "-created_at"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def told_at(self) -> datetime:
        return self.sent_at or self.due_at


class DeskTaskQuerySet(models.QuerySet["DeskTask"]):
    def open(self) -> DeskTaskQuerySet:
        return self.filter(done_at=None)


class DeskTask(Personal):
    """What a person at the desk must do. At most one open task of a kind for a subject."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="desk_tasks")
    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    # What it is about, by reference only: its type (`help_request`, `offer`, `visit`, `volunteer`,
    # `message`) and its key.
    subject_type = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    # Codes and numbers for the sentence, never personal text.
    facts = models.JSONField(default=dict, blank=True)
    due_at = models.DateTimeField()
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    result = models.CharField(max_length=40, blank=True)
    note = EncryptedTextField()

    objects = DeskTaskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=models.Q(done_at=None),
                name="one_open_task_per_subject",
            )
        ]
        indexes: ClassVar = [
            # Read by selectors.open_tasks: a municipality's day by due time
            models.Index(fields=["municipality", "due_at"], name="task_open", condition=models.Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}"
