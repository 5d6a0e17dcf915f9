"""One volunteer is asked to take one seat of one visit."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.fields import EncryptedTextField
from core.models import Personal
from requests.models.help_request import HelpRequest
from requests.states import AnswerChannel, DeclineReason, OfferState
from volunteers.models import Volunteer


class OfferQuerySet(models.QuerySet["Offer"]):
    def live(self) -> OfferQuerySet:
        return self.filter(state=OfferState.MADE)

    def overdue(self, now: datetime) -> OfferQuerySet:
        return self.filter(state=OfferState.MADE, expires_at__lte=now)

    def failed(self) -> OfferQuerySet:
        return self.filter(state__in=[OfferState.DECLINED, OfferState.EXPIRED])


class Offer(Personal):
    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="offers")
    attempt = models.PositiveSmallIntegerField()
    seat = models.PositiveSmallIntegerField()
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.MADE)
    # Which rung of the ladder: how many were asked for this request and attempt before.
    rung = models.PositiveSmallIntegerField(default=1)
    start = models.DateTimeField()
    end = models.DateTimeField()
    # Minutes from where the volunteer comes (home or the visit before).
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    km = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    # Codes and numbers of the plan, for „Защо вие“.
    why = models.JSONField(default=list, blank=True)
    # The planning round that proposed it; none when assigned by hand. A reference upstairs, hence no foreign key.
    round_id = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The local day on which the volunteer is told, which counts towards their daily number; none where they agreed.
    asked_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_channel = models.CharField(max_length=6, choices=AnswerChannel.choices, blank=True)
    # Who wrote the answer down when it was given by phone, and who said it.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    said_by = EncryptedTextField()
    said_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=16, choices=DeclineReason.choices, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["help_request", "attempt", "seat"],
                condition=Q(state="accepted"),
                name="one_accepted_offer_per_seat",
            ),
            models.UniqueConstraint(
                fields=["help_request", "attempt", "volunteer"],
                condition=Q(state="made"),
                name="one_live_offer_per_volunteer",
            ),
            models.CheckConstraint(condition=Q(seat__in=[1, 2]), name="offer_seat_is_one_or_two"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="offer_ends_later"),
        ]
        indexes: ClassVar = [
            # Read by OfferQuerySet.overdue (services.sweep)
            models.Index(fields=["expires_at"], name="offer_overdue", condition=Q(state="made")),
            # Read by the volunteer's page and by planning
            models.Index(fields=["volunteer", "state"], name="offer_by_volunteer"),
            # Read by services.asking: how often somebody was asked on a day
            models.Index(fields=["volunteer", "asked_on"], name="offer_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
