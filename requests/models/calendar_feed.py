"""The link by which a volunteer's own calendar reads their visits."""

from __future__ import annotations

from django.db import models

from core.models import Personal
from volunteers.models import Volunteer


class CalendarFeed(Personal):
    """One a volunteer. The secret stands only in the link; no row means no link. Who fetches it is not noted."""

    volunteer = models.OneToOneField(Volunteer, on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)
