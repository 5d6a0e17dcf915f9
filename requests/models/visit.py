"""The visit, its one or two seats, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from catalogue.models import DifficultyType
from core.constraints import PostgresExclusion
from core.fields import EncryptedTextField
from core.models import Personal
from requests.models.help_request import HelpRequest
from requests.models.offer import Offer
from requests.states import VISIT_LIVE, Helped, Outcome, Phase, VisitState
from volunteers.models import Volunteer


class VisitQuerySet(models.QuerySet["Visit"]):
    def live(self) -> VisitQuerySet:
        return self.filter(state__in=VISIT_LIVE)

    def overdue(self, now: datetime) -> VisitQuerySet:
        """Begun, and past the end without a check-out."""
        return self.filter(state=VisitState.CHECKED_IN, end__lt=now)


class Visit(Personal):
    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="visits")
    attempt = models.PositiveSmallIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=VisitState.choices, default=VisitState.SCHEDULED)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_out_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = EncryptedTextField()
    # What the person answered afterwards: whether it helped, what they wrote, and when.
    helped = models.CharField(max_length=3, choices=Helped.choices, blank=True)
    said = EncryptedTextField()
    said_at = models.DateTimeField(null=True, blank=True)
    # Counts up when the time, the service or the village changes, for calendars.
    sequence = models.PositiveSmallIntegerField(default=0)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["help_request", "attempt"],
                condition=Q(state__in=sorted(VISIT_LIVE)),
                name="one_live_visit_per_attempt",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="visit_ends_later"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(outcome=""), name="done_has_an_outcome"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "end"], name="visit_by_end")]

    def __str__(self) -> str:
        return str(self.pk)


class VisitSeat(models.Model):
    """Who sits where, and when. The database forbids two live seats of one volunteer at the same time."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="seats")
    seat = models.PositiveSmallIntegerField()
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="seats")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="visit_seat")
    start = models.DateTimeField()
    end = models.DateTimeField()
    # False once released, cancelled or moved away; a done visit keeps its seats live.
    live = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["seat"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "seat"], condition=Q(live=True), name="one_live_person_per_seat"),
            models.UniqueConstraint(
                fields=["visit", "volunteer"], condition=Q(live=True), name="one_live_seat_per_person"
            ),
            models.CheckConstraint(condition=Q(seat__in=[1, 2]), name="seat_is_one_or_two"),
            PostgresExclusion(
                name="no_overlapping_seats",
                expressions=[
                    (F("volunteer"), RangeOperators.EQUAL),
                    (
                        Func("start", "end", function="TSTZRANGE", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(live=True),
            ),
        ]
        indexes: ClassVar = [
            # Read by the overlap check of services.offers and by the volunteer's week
            models.Index(fields=["volunteer", "start"], name="seat_by_volunteer", condition=Q(live=True))
        ]

    def __str__(self) -> str:
        return f"{self.seat}"


class VisitDifficulty(models.Model):
    """What stopped the person before the help, and what still does after it."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="difficulties")
    difficulty = models.ForeignKey(DifficultyType, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=6, choices=Phase.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "difficulty", "phase"], name="one_difficulty_per_phase")
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.difficulty_id}"
