"""The journal: what happened, in ids and codes only. It is written once and never edited."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from places.models import Municipality


class JournalIsAppendOnly(Exception):
    """Somebody tried to change or delete what happened."""


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def delete(self) -> NoReturn:
        raise JournalIsAppendOnly


class JournalEntry(models.Model):
    """Plain ids instead of foreign keys: the journal outlives what it tells of."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    help_request_id = models.UUIDField(null=True, db_index=True)
    subject_type = models.CharField(max_length=14)
    subject_id = models.UUIDField()
    verb = models.CharField(max_length=24)
    from_state = models.CharField(max_length=14, blank=True)
    to_state = models.CharField(max_length=14, blank=True)
    # `user:<id>`, `resident`, `beat`
    actor = models.CharField(max_length=60)
    facts = models.JSONField(default=dict, blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "journal entries"
        indexes: ClassVar = [
            # Read by planning: has anything happened since the last round
            models.Index(fields=["municipality", "-id"], name="journal_newest")
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise JournalIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly
