"""The roles a member of staff or a volunteer can have in one municipality."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    VOLUNTEER = "volunteer", _("доброволец")
    CLERK = "clerk", _("гише")
    COORDINATOR = "coordinator", _("координатор")
    ADMINISTRATOR = "administrator", _("администратор")
