"""Planning rounds: what was asked of the solver, what it answered, what came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from places.models import Municipality
from planning.states import PartState, RoundState


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
    # The round whose parts hold the lease; nobody's where a round has just begun.
    parts_of = models.UUIDField(null=True, blank=True)

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
    # Only while it is solved: what the solver last said of how far it is.
    progress = models.JSONField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    offers_made = models.PositiveIntegerField(default=0)
    proposals_stale = models.PositiveIntegerField(default=0)
    # Only of a round in parts: when the parts that are not solved stay as they were; who joins them, and how often.
    parts_until = models.DateTimeField(null=True, blank=True)
    join_lease_until = models.DateTimeField(null=True, blank=True)
    join_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "-started_at"], name="round_newest"),
            # read by planning.services.parts.due
            models.Index(fields=["started_at"], condition=models.Q(state="in_parts"), name="round_in_parts"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PlanPart(models.Model):
    """One part of a large round, solved by whoever holds its lease. What it held is emptied when it is joined."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PlanRound, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PartState.choices, default=PartState.WAITING)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.JSONField(null=True, blank=True)
    # The part of the plan to go on from, and what was made of it.
    plan = models.JSONField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "number"], name="part_of_round_once")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"


class PlanAdvice(models.Model):
    """One row a municipality: what would have let the last plan serve more. `found` holds ids, codes and instants."""

    municipality = models.OneToOneField(
        Municipality, primary_key=True, on_delete=models.CASCADE, related_name="plan_advice"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    # The round it was made from, by its key: old rounds are forgotten, this is only compared.
    round_id = models.UUIDField(null=True, blank=True)
    # The last day of that plan.
    until = models.DateField(null=True, blank=True)
    found = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.municipality_id)

    @property
    def waits(self) -> bool:
        """Whether somebody asked and has no answer yet."""
        return self.asked_at is not None and (self.made_at is None or self.made_at < self.asked_at)
