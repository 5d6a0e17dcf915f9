from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from places.models.municipality import Municipality
from places.models.naming import Named


class Holiday(Named):
    """A public holiday of the whole country."""

    date = models.DateField(primary_key=True)

    class Meta:
        ordering = ["date"]


class LocalHoliday(Named):
    """A day one municipality keeps free, such as the day of its town."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="local_holidays")
    date = models.DateField(_("дата"))

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "date"],
                name="local_holiday_once_a_day",
                violation_error_message=_("Този ден вече е свободен."),
            )
        ]
