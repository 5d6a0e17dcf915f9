"""The help request: what is asked, for whom, when, and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalogue.models import Service
from core.fields import EncryptedTextField
from core.models import Personal
from places.models import HelpPoint, Municipality, Settlement
from requests.models.resident import Resident
from requests.states import (
    ENDED,
    HELPED,
    LIVE,
    AskedBy,
    Mode,
    NextStep,
    Outcome,
    RequestState,
    Source,
    Urgency,
    UrgencyReason,
)


class Event(models.Model):
    """A help day or campaign a request may belong to."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="events")
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()

    def __str__(self) -> str:
        return self.name


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def of(self, municipality: Municipality) -> HelpRequestQuerySet:
        return self.filter(municipality=municipality)

    def live(self) -> HelpRequestQuerySet:
        return self.filter(state__in=LIVE)

    def open(self) -> HelpRequestQuerySet:
        return self.filter(state=RequestState.OPEN)

    def ended(self) -> HelpRequestQuerySet:
        return self.filter(state__in=ENDED)

    def due(self, now: datetime) -> HelpRequestQuerySet:
        return self.filter(state__in=LIVE, next_step_at__lte=now)


class HelpRequest(Personal):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="help_requests")
    # Said on the phone and written on the card; counts up within the municipality.
    number = models.PositiveIntegerField()
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="help_requests")
    source = models.CharField(max_length=5, choices=Source.choices)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_by = models.CharField(max_length=10, choices=AskedBy.choices, default=AskedBy.SELF)
    asker_name = EncryptedTextField()
    asker_phone = EncryptedTextField()
    asker_phone_hash = models.CharField(max_length=32, blank=True, db_index=True)

    # null: „не знам коя услуга“
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.HOME_VISIT)
    help_point = models.ForeignKey(HelpPoint, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # ESCORT: where to, and how long the whole thing takes is in `minutes`.
    escort_to = models.ForeignKey(Settlement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2, default="bg")
    team = models.PositiveSmallIntegerField(default=1)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.IN_TIME)
    urgency_reason = models.CharField(max_length=12, choices=UrgencyReason.choices, blank=True)
    deadline = models.DateField(null=True, blank=True)
    not_before = models.DateField(null=True, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="help_requests")
    note = EncryptedTextField()
    # Chosen by the person; the visitor says it first, at the door.
    safe_word = EncryptedTextField()
    tracking_code = EncryptedTextField()
    tracking_hash = models.CharField(max_length=32, unique=True)

    state = models.CharField(max_length=14, choices=RequestState.choices)
    attempt = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    next_step = models.CharField(max_length=14, choices=NextStep.choices, blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    # Why the last plan left it unserved: code of the plan format and a few ids, for the coordinator's queue.
    unserved_reason = models.CharField(max_length=20, blank=True)
    unserved_with = models.JSONField(default=list, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="one_number_per_municipality"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED), next_step="", next_step_at=None)
                | (Q(state__in=sorted(LIVE), next_step_at__isnull=False) & ~Q(next_step="")),
                name="a_live_request_has_a_next_step",
            ),
            models.CheckConstraint(condition=Q(team__in=[1, 2]), name="team_is_one_or_two"),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(outcome=""), name="closed_has_an_outcome"),
            models.CheckConstraint(
                condition=~Q(mode="HELP_POINT") | Q(help_point__isnull=False), name="help_point_named"
            ),
            models.CheckConstraint(condition=Q(follows=None) | ~Q(follows=F("id")), name="follows_another"),
        ]
        indexes: ClassVar = [
            # Read by HelpRequestQuerySet.due (services.sweep)
            models.Index(fields=["next_step_at"], name="request_due", condition=Q(state__in=sorted(LIVE))),
            # Read by the queue, planning and reports
            models.Index(fields=["municipality", "state", "-created_at"], name="request_by_state"),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def has_helped(self) -> bool:
        return self.outcome in HELPED


class FreeTime(models.Model):
    """When the person is free: a weekday or a date, local hours. No rows: any visiting hour."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="free_times")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering: ClassVar = ["weekday", "day", "start"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="free_time_ends_later"),
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, day=None) | Q(weekday=None, day__isnull=False),
                name="free_time_weekday_or_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday if self.day is None else self.day} {self.start}–{self.end}"
