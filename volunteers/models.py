"""Volunteers: who they are, what they are certified for, when they can, what they wish."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalogue.models import ServiceGroup
from core.fields import EncryptedTextField
from core.models import Personal, TimeStamped
from notifications.models import Contact
from places.models import Municipality, Settlement
from volunteers.states import LessonKind, Transport, VolunteerStatus


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def active(self) -> VolunteerQuerySet:
        return self.filter(status=VolunteerStatus.ACTIVE)

    def of(self, municipality: Municipality) -> VolunteerQuerySet:
        return self.filter(municipality=municipality)


class Volunteer(Personal):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="volunteers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="volunteers"
    )
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="volunteer")
    first_name = EncryptedTextField()
    last_name = EncryptedTextField()
    # Shown on the badge and said on the phone; counts up within the municipality.
    badge = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=VolunteerStatus.choices, default=VolunteerStatus.APPLIED)
    status_since = models.DateTimeField()
    home = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="+")
    transport = models.CharField(max_length=5, choices=Transport.choices, default=Transport.CAR)
    # Keys of `LANGUAGES`
    languages = models.JSONField(default=list)
    # Visits a week: never more than the limit, rather not more than the wish.
    weekly_limit = models.PositiveSmallIntegerField(default=4)
    weekly_wish = models.PositiveSmallIntegerField(null=True, blank=True)
    # Invitations a day at most; None: as many as the municipality's rules say.
    daily_offers = models.PositiveSmallIntegerField(null=True, blank=True)
    # Minutes from home to a visit, one way.
    longest_leg = models.PositiveSmallIntegerField(default=60)
    # Service groups the applicant says they can help with: for the coordinator to read, never for matching.
    says_can_help = models.JSONField(default=list, blank=True)
    note = EncryptedTextField()
    erased_at = models.DateTimeField(null=True, blank=True)
    preferred_partners = models.ManyToManyField("self", blank=True, symmetrical=False, related_name="+")

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "badge"], name="one_badge_per_municipality"),
            models.CheckConstraint(condition=Q(weekly_limit__lte=30), name="weekly_limit_is_sane"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "status"], name="volunteer_by_status")]

    def __str__(self) -> str:
        return f"№ {self.badge}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class CertificationQuerySet(models.QuerySet["Certification"]):
    def valid_on(self, day: date) -> CertificationQuerySet:
        return self.filter(revoked_at=None, valid_from__lte=day, valid_until__gte=day)


class Certification(TimeStamped):
    """What a coordinator vouches that this volunteer can help with, and until when."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="certifications")
    service_group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["volunteer", "service_group"],
                condition=Q(revoked_at=None),
                name="one_live_certification",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="certification_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.service_group_id} → {self.valid_until}"


class WeeklyHours(models.Model):
    """Hours a volunteer is usually free, in local clock time (0 = Monday). They never cross midnight."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering: ClassVar = ["weekday", "start"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_is_0_to_6"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="hours_end_later"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start}–{self.end}"


class HoursException(models.Model):
    """One date that differs: away (no times), or free at other hours instead of the usual ones."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField()
    start = models.TimeField(null=True, blank=True)
    end = models.TimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["day", "start"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="exception_away_or_hours",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class LessonQuerySet(models.QuerySet["Lesson"]):
    def live(self, day: date) -> LessonQuerySet:
        return self.filter(Q(until=None) | Q(until__gte=day), taken_back_at=None)


class Lesson(models.Model):
    """What a volunteer's no taught the plan: a kind of service, a way, some hours. It can be taken back."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="lessons")
    kind = models.CharField(max_length=16, choices=LessonKind.choices)
    # Of a kind of service, and of not being sure.
    service_group = models.ForeignKey(ServiceGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    # Of the way: so many minutes one way are not too far yet.
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of hours: local clock time on a weekday (0 = Monday), until a day, that day included.
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    start = models.TimeField(null=True, blank=True)
    end = models.TimeField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    learned_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "weekday", "start", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["not_this_kind", "unsure"], service_group__isnull=False)
                | Q(kind="too_far", minutes__isnull=False)
                | Q(kind="not_these_hours", weekday__lte=6, end__gt=F("start"), until__isnull=False),
                name="a_lesson_says_what",
            )
        ]
        indexes: ClassVar = [
            # Read by selectors.lessons_of
            models.Index(fields=["volunteer"], name="lesson_live", condition=Q(taken_back_at=None))
        ]

    def __str__(self) -> str:
        return self.kind
