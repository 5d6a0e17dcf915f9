"""The words a coordinator wrote instead of those that come with a kind."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.models import TimeStamped
from places.models import Municipality


class MessageTemplate(TimeStamped):
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="message_templates")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=1200)
    short = models.TextField(max_length=460)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "kind", "language"], name="one_template_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
