"""How someone is reached, when, and how often."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.db import models

from core.fields import EncryptedTextField
from core.models import Personal
from places.models import Municipality

QUIET_FROM, QUIET_UNTIL = time(20, 0), time(8, 0)
DAILY_CAP = 6


class Contact(Personal):
    """How one person is reached. A phone may be shared, so its hash is not unique."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="contacts")
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True)
    email = EncryptedTextField()
    # In order of preference; codes of Channel.
    channels = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="bg")
    # SMS in Latin letters, for telephones that do not show Cyrillic.
    latin = models.BooleanField(default=False)
    # Local times between which the person is left alone; the same time twice is never.
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    # Does not mind being told ordinary things on a Sunday or a holiday.
    on_free_days = models.BooleanField(default=False)
    # Agreed to be told urgent things at any hour.
    urgent_any_time = models.BooleanField(default=False)
    # Messages a day at most, cancellations and codes aside.
    daily_cap = models.PositiveSmallIntegerField(default=DAILY_CAP)
    stopped_at = models.DateTimeField(null=True, blank=True)
    # Single ways the person stopped, codes of Channel: by them go only codes and cancellations.
    stopped_channels = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class ContactDay(models.Model):
    """How many messages that count towards the cap a contact was sent on a local day."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["contact", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
