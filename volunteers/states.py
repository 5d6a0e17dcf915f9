"""A volunteer's status, and which step may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VolunteerStatus(models.TextChoices):
    APPLIED = "applied", _("кандидатства")
    TRAINING = "training", _("учи")
    ACTIVE = "active", _("активен")
    PAUSED = "paused", _("в почивка")
    LEFT = "left", _("приключил")


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
