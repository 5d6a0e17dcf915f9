"""Institutions, services people ask help with, and what stands in their way. National and shared."""

from __future__ import annotations

from typing import NamedTuple

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from catalogue.states import DifficultyGroup, IdMeans, Mode, SeasonKind, Verification
from core.language import in_language

CODE = RegexValidator(r"^[A-Z][A-Z0-9_]{1,39}$")


class Coded(models.Model):
    """A fact under a stable code, named in both languages."""

    code = models.CharField(max_length=40, primary_key=True, validators=[CODE])
    name_bg = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_bg, self.name_en)


class ServiceGroup(Coded):
    """Services a volunteer is certified for together."""


class Institution(Coded):
    portal_url = models.URLField(blank=True)
    # As the institution publishes it; short numbers such as „112“ have no E.164 form.
    phone = models.CharField(max_length=20, blank=True)


class Season(NamedTuple):
    """From one day of the year to another, both included, as „MM-DD“; it may cross the year's end."""

    begins: str
    ends: str
    kind: SeasonKind


class ServiceQuerySet(models.QuerySet["Service"]):
    def active(self) -> ServiceQuerySet:
        return self.filter(active=True)

    def available_in(self, municipality: str) -> ServiceQuerySet:
        """National services and those of this municipality alone."""
        return self.filter(municipality_code__in=["", municipality])

    def frequent(self) -> ServiceQuerySet:
        return self.filter(frequent=True)


class Service(Coded):
    """An administrative service, in words for the person who needs it."""

    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="services")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="services")
    # Empty: everywhere. A code rather than a key: catalogue and places stand side by side.
    municipality_code = models.CharField(max_length=5, blank=True)
    # What a resident calls it, at most five words, for the first question.
    short_bg = models.CharField(max_length=60)
    short_en = models.CharField(max_length=60)
    plain_bg = models.TextField()
    plain_en = models.TextField()
    # Lists of codes of `IdMeans` and `Mode`; any one of the means is enough.
    id_means = models.JSONField(default=list)
    modes = models.JSONField(default=list)
    documents_bg = models.JSONField(default=list, blank=True)
    documents_en = models.JSONField(default=list, blank=True)
    # [[from, to, kind], …], see `Season`.
    seasons = models.JSONField(default=list, blank=True)
    season_note_bg = models.TextField(blank=True)
    season_note_en = models.TextField(blank=True)
    # A deadline every month, such as the 25th; empty where there is none.
    deadline_day_of_month = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    # Our own guess, corrected by what the visits report.
    typical_minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(240)])
    offline_bg = models.TextField()
    offline_en = models.TextField()
    fee_bg = models.CharField(max_length=200, blank=True)
    fee_en = models.CharField(max_length=200, blank=True)
    portal_url = models.URLField(blank=True)
    register_number = models.CharField(max_length=10, blank=True)
    # The person must appear somewhere once; nobody can do that part for them.
    in_person_step = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    checked_on = models.DateField()
    verification = models.CharField(max_length=12, choices=Verification)
    frequent = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta(Coded.Meta):
        indexes = [models.Index(fields=["active", "order"], name="service_active_order")]

    @property
    def short(self) -> str:
        return in_language(self.short_bg, self.short_en)

    @property
    def plain(self) -> str:
        return in_language(self.plain_bg, self.plain_en)

    @property
    def documents(self) -> list[str]:
        return in_language(self.documents_bg, self.documents_en)

    @property
    def season_note(self) -> str:
        return in_language(self.season_note_bg, self.season_note_en)

    @property
    def offline(self) -> str:
        return in_language(self.offline_bg, self.offline_en)

    @property
    def fee(self) -> str:
        return in_language(self.fee_bg, self.fee_en)

    @property
    def id_means_labels(self) -> list[str]:
        return [str(IdMeans(code).label) for code in self.id_means]

    @property
    def mode_labels(self) -> list[str]:
        return [str(Mode(code).label) for code in self.modes]

    def seasons_of(self, *kinds: SeasonKind) -> list[Season]:
        seasons = [Season(begins, ends, SeasonKind(kind)) for begins, ends, kind in self.seasons]
        return [season for season in seasons if season.kind in kinds]


class DifficultyType(Coded):
    """What stops a person from doing it alone, and what usually helps."""

    group = models.CharField(max_length=12, choices=DifficultyGroup)
    remedy_bg = models.CharField(max_length=300)
    remedy_en = models.CharField(max_length=300)

    @property
    def remedy(self) -> str:
        return in_language(self.remedy_bg, self.remedy_en)
