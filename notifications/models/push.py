"""The telephones and browsers on which a person lets us show notifications."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.fields import EncryptedTextField
from core.models import Personal
from notifications.models.contact import Contact


class PushSubscription(Personal):
    """One browser of one person. Whoever knows its address could write to it, so it is sealed."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = EncryptedTextField()
    endpoint_hash = models.CharField(max_length=32, db_index=True)
    # The browser's public key and its secret, in base64url, as it gave them.
    p256dh = EncryptedTextField()
    auth = EncryptedTextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "endpoint_hash"], name="one_subscription_a_browser")
        ]

    def __str__(self) -> str:
        return str(self.pk)
