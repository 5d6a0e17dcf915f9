from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.validators import no_secrets
from places.models.municipality import Municipality
from places.models.naming import Named
from places.models.settlement import Settlement
from places.states import HelpPointKind, Weekday


class HelpPointQuerySet(models.QuerySet["HelpPoint"]):
    def active(self) -> HelpPointQuerySet:
        return self.filter(active=True)

    def of(self, municipality: Municipality | str) -> HelpPointQuerySet:
        return self.filter(municipality=municipality)


class HelpPoint(Named, TimeStamped):
    """A kmetstvo, chitalishte or library where a resident and a volunteer can meet."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="help_points")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="help_points")
    kind = models.CharField(max_length=12, choices=HelpPointKind)
    address = models.CharField(_("адрес"), max_length=200, blank=True, validators=[no_secrets])
    active = models.BooleanField(default=True)

    objects = HelpPointQuerySet.as_manager()

    class Meta:
        ordering = ["settlement__name_bg", "name_bg", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "kind", "name_bg"],
                condition=Q(active=True),
                name="help_point_once_per_settlement",
                violation_error_message=_("Такъв пункт вече има в това населено място."),
            )
        ]


class OpeningHours(models.Model):
    """Local times of one weekday; a day may have several, none of them past midnight."""

    help_point = models.ForeignKey(HelpPoint, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="opening_before_closing"),
            models.UniqueConstraint(fields=["help_point", "weekday", "opens"], name="opening_once"),
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.opens:%H:%M}–{self.closes:%H:%M}"
