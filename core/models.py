"""What every room's tables stand on."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class TimeStamped(models.Model):
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class Personal(TimeStamped):
    """A table with personal data: its key is assigned here, never a guessable number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class InstallationMark(models.Model):
    """One row a fact about this installation. `demo`: its people are invented; never mix with real ones."""

    kind = models.CharField(max_length=40, primary_key=True)
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kind


class IdempotencyRecord(models.Model):
    """A create call that was answered: the same key by the same caller gets the same answer."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    body_hash = models.CharField(max_length=64)
    # Only the address of what was made and the status: no personal data rests here.
    location = models.CharField(max_length=200, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.key_hash[:12]


class CspCount(models.Model):
    """How often browsers kept something out on one day: by rule and host, never by page or person."""

    day = models.DateField()
    directive = models.CharField(max_length=30)
    blocked = models.CharField(max_length=100)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "directive", "blocked"], name="one_csp_count_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.directive} {self.blocked}: {self.count}"
