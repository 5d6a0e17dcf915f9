"""Planning rounds: what was asked of the solver, what it answered, what came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from places.models import Municipality
from planning.states import RoundState


class PlanningDesk(models.Model):
    """One row a municipality: who plans it now, and what the last plan was made from."""

    municipality = models.OneToOneField(
        Municipality, primary_key=True, on_delete=models.CASCADE, related_name="planning_desk"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    # What had changed when the last round began; another token means something is new.
    change_token = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.municipality_id)


class PlanRound(models.Model):
    """One round. `problem` and `plan` hold ids, places and minutes, no personal text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="plan_rounds")
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.SOLVING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # The instant that minute 0 of the problem stands for.
    origin = models.DateTimeField()
    snapshot_hash = models.CharField(max_length=64)
    problem = models.JSONField()
    plan = models.JSONField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    offers_made = models.PositiveIntegerField(default=0)
    proposals_stale = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "-started_at"], name="round_newest")]

    def __str__(self) -> str:
        return str(self.pk)
