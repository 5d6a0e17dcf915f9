"""Other systems that are told of events, and each event on its way to one of them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from core.models import Personal
from notifications.states import DeliveryState, PauseReason
from places.models import Municipality

TEST_EVENT = "test"


class WebhookSubscription(Personal):
    """Where another system wants to be told, and of what."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="webhooks")
    label = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    # Codes of events, named by the room above.
    events = models.JSONField(default=list)
    # Actions of the policy table that who made it could give away.
    scopes = models.JSONField(default=list)
    # The person is named to this system; only while `scopes` and the maker's role allow it.
    include_personal = models.BooleanField(default=False)
    secret = EncryptedTextField()
    # Signs beside the new one until then.
    old_secret = EncryptedTextField()
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Made by a program: it is told only as long as the program's token is good.
    token_id = models.UUIDField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    # While it is paused events are collected and wait.
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=10, choices=PauseReason.choices, blank=True)
    # Since when nothing was taken; none once something is.
    failing_since = models.DateTimeField(null=True, blank=True)
    # After some failures in a row it rests for a while; then one event tries.
    failures_in_row = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    last_taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "created_at"], name="webhook_of_municipality")]

    def __str__(self) -> str:
        return self.label

    @property
    def active(self) -> bool:
        return self.paused_at is None

    def secrets_at(self, now: datetime) -> list[str]:
        """What a delivery is signed with: the secret, and the one before it while both are valid."""
        keys = [str(self.secret)]
        if self.old_secret_until is not None and self.old_secret_until > now and self.old_secret:
            keys.append(str(self.old_secret))
        return keys


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self, now: datetime) -> WebhookDeliveryQuerySet:
        return self.filter(state=DeliveryState.QUEUED, due_at__lte=now)

    def stale(self, claimed_before: datetime) -> WebhookDeliveryQuerySet:
        return self.filter(state=DeliveryState.CLAIMED, claimed_at__lt=claimed_before)


class WebhookDelivery(Personal):
    """One event for one system: the row is the queue and the receipt. Its key is the id the other side sees."""

    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.CASCADE, related_name="deliveries")
    # Names what happened: writing it down twice is impossible.
    key = models.CharField(max_length=120)
    event = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    # Ids, codes and times. Who it is about is never written here, but read when it is sent.
    data = models.JSONField(default=dict)
    about_type = models.CharField(max_length=20, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Of the last attempt: their status code, how long it took, why it failed.
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_milliseconds = models.PositiveIntegerField(null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    # Whether the person was named in it.
    with_personal = models.BooleanField(default=False)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "key"], name="one_delivery_of_an_event")
        ]
        indexes: ClassVar = [
            # Read by services.webhook_sending.take
            models.Index(fields=["subscription", "due_at"], name="webhook_due", condition=Q(state="queued")),
            # Read by WebhookDeliveryQuerySet.stale, and by take: one at a time to each system
            models.Index(fields=["subscription", "claimed_at"], name="webhook_claimed", condition=Q(state="claimed")),
            # The log, newest first
            models.Index(fields=["subscription", "-created_at", "-id"], name="webhook_log"),
            # Read by services.webhook_sending.purge
            models.Index(fields=["created_at"], name="webhook_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"

    @property
    def is_test(self) -> bool:
        return self.event == TEST_EVENT
