"""How long data is kept, what was erased, and the sealed store of what must outlive it."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import EvidenceTextField
from core.models import Personal
from places.models import Municipality
from requests.states import ErasedWho, EvidenceKind


def _between(low: int, high: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class KeepingTerms(models.Model):
    """For how long one municipality keeps what. Without a row the defaults hold."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, primary_key=True, related_name="+")
    contact_months = models.PositiveSmallIntegerField(
        _("месеци след последната заявка"), default=12, validators=_between(1, 24)
    )
    reminded_months = models.PositiveSmallIntegerField(
        _("месеци, ако човекът иска да му напомняме"), default=16, validators=_between(1, 36)
    )
    volunteer_months = models.PositiveSmallIntegerField(
        _("месеци, след като доброволец напусне"), default=12, validators=_between(1, 36)
    )
    text_days = models.PositiveSmallIntegerField(
        _("дни за текстовете на съобщения и обаждания"), default=90, validators=_between(7, 365)
    )
    opening_months = models.PositiveSmallIntegerField(
        _("месеци за това кой чий картон е отварял"), default=24, validators=_between(6, 60)
    )
    evidence_years = models.PositiveSmallIntegerField(
        _("години за запечатаните доказателства"), default=5, validators=_between(1, 10)
    )

    def __str__(self) -> str:
        return str(self.municipality_id)


class KeepingRun(models.Model):
    """One nightly run: what it did, counted."""

    at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="keeping_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class Erasure(models.Model):
    """Somebody's data was emptied. Keys only; replayed after a backup is restored."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=10, choices=ErasedWho.choices)
    person_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    # `term`, or the key of whoever wrote down the person's wish.
    because = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.who} {self.person_id}"


class Evidence(Personal):
    """The sealed store: what must be shown later although the person's data is gone."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    # The key of the resident or volunteer it tells of: the row there names nobody any more.
    person_id = models.UUIDField(db_index=True)
    body = EvidenceTextField()
    keep_until = models.DateField()

    def __str__(self) -> str:
        return str(self.pk)


class EvidenceOpening(models.Model):
    """Who opened what of the sealed store, and the reason they gave."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField()
    reader_id = models.UUIDField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
