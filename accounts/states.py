"""What somebody who knocks may be asking for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KnockKind(models.TextChoices):
    CODE = "code", _("код за вход")
    PASSWORD = "password", _("нова парола")
