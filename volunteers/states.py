"""A volunteer's status, and which step may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VolunteerStatus(models.TextChoices):
    APPLIED = "applied", _("кандидатства")
    TRAINING = "training", _("учи")
    ACTIVE = "active", _("помага")
    PAUSED = "paused", _("почива")
    LEFT = "left", _("приключи")


# target: allowed sources
VOLUNTEER_MOVES: dict[str, frozenset[str]] = {
    VolunteerStatus.TRAINING: frozenset({VolunteerStatus.APPLIED, VolunteerStatus.PAUSED}),
    VolunteerStatus.ACTIVE: frozenset({VolunteerStatus.APPLIED, VolunteerStatus.TRAINING, VolunteerStatus.PAUSED}),
    VolunteerStatus.PAUSED: frozenset({VolunteerStatus.ACTIVE, VolunteerStatus.TRAINING}),
    VolunteerStatus.LEFT: frozenset(
        {VolunteerStatus.APPLIED, VolunteerStatus.TRAINING, VolunteerStatus.ACTIVE, VolunteerStatus.PAUSED}
    ),
    VolunteerStatus.APPLIED: frozenset({VolunteerStatus.LEFT}),
}


class Transport(models.TextChoices):
    CAR = "car", _("с кола")
    BUS = "bus", _("с автобус")
    FOOT = "foot", _("пеша")


class LessonKind(models.TextChoices):
    """What the plan learns from a no; until the volunteer or a coordinator takes it back."""

    NOT_THIS_KIND = "not_this_kind", _("не такава услуга")
    TOO_FAR = "too_far", _("далече е")
    NOT_THESE_HOURS = "not_these_hours", _("не в тези часове")
    UNSURE = "unsure", _("не знам дали ще се справя")


# ISO 639 code → how the language is called in itself: who reads the list looks for their own word.
LANGUAGES: dict[str, str] = {
    "bg": "български",
    "tr": "Türkçe",
    "rom": "romani",
    "ru": "русский",
    "en": "English",
    "de": "Deutsch",
    "fr": "français",
}
