"""Where a planning round and its parts can stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    SOLVING = "solving", _("смята се")
    SOLVED = "solved", _("сметнат")
    # The first plan is published; parts of it are being made better.
    IN_PARTS = "in_parts", _("подобрява се на части")
    PUBLISHED = "published", _("разпратен")
    FAILED = "failed", _("не стана")


class PartState(models.TextChoices):
    WAITING = "waiting", _("чака или се смята")
    SOLVED = "solved", _("сметната")
    LEFT = "left", _("остава, както беше")
