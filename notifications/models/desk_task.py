"""What a person at the desk must do."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from core.fields import EncryptedTextField
from core.models import Personal
from notifications.states import TaskKind
from places.models import Municipality


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
