"""Where a planning round can stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    SOLVING = "solving", _("смята се")
    SOLVED = "solved", _("сметнат")
    PUBLISHED = "published", _("разпратен")
    FAILED = "failed", _("не стана")
