from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.validators import no_secrets
from places.models.municipality import Municipality
from places.models.naming import Named
from places.states import PREFIX, GeoQuality, SettlementKind, Signal


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def of(self, municipality: Municipality | str) -> SettlementQuerySet:
        return self.filter(municipality=municipality)

    def located(self) -> SettlementQuerySet:
        return self.filter(latitude__isnull=False, longitude__isnull=False)


class Settlement(Named):
    """A town or village under its EKATTE code, which is text: „02230“ begins with a zero."""

    ekatte = models.CharField(max_length=5, primary_key=True, validators=[RegexValidator(r"^[0-9]{5}$")])
    kind = models.CharField(max_length=10, choices=SettlementKind)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="settlements")
    kmetstvo_code = models.CharField(max_length=8, blank=True)
    has_own_kmetstvo = models.BooleanField(default=False)
    # Three decimals are about 100 m: enough for minutes on the road, and what the attribution asks for.
    latitude = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    longitude = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    geo_quality = models.CharField(max_length=30, choices=GeoQuality, default=GeoQuality.MISSING)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True)
    postal_code = models.CharField(max_length=4, blank=True)
    altitude_band = models.CharField(max_length=20, blank=True)
    # Whose lands touch: the threads between villages on the map.
    neighbours = models.ManyToManyField("self", symmetrical=True, blank=True)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        ordering = ["name_bg", "ekatte"]
        indexes = [models.Index(fields=["municipality", "name_bg"], name="settlement_by_municipality")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="settlement_both_coordinates",
            )
        ]

    @property
    def prefixed_name(self) -> str:
        """„с. Извор“, „гр. Радомир“, never broken between the two words."""
        prefix = PREFIX.get(SettlementKind(self.kind))
        return f"{prefix}\u00a0{self.name}" if prefix else self.name

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None where they are not known."""
        if self.latitude is None or self.longitude is None:
            return None
        return float(self.latitude), float(self.longitude)


class Coverage(models.Model):
    """What a visitor will find: signal, landline, a place with internet. Local knowledge, with its date."""

    settlement = models.OneToOneField(Settlement, on_delete=models.CASCADE, primary_key=True, related_name="coverage")
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    signal = models.CharField(_("мобилен обхват"), max_length=10, choices=Signal, default=Signal.UNKNOWN)
    landline = models.BooleanField(_("стационарен телефон"), null=True, blank=True)
    internet_point = models.CharField(_("къде има интернет"), max_length=120, blank=True, validators=[no_secrets])
    note = models.CharField(_("бележка"), max_length=300, blank=True, validators=[no_secrets])
    checked_on = models.DateField(_("проверено на"), null=True, blank=True)
    checked_by = models.CharField(
        _("кой провери"),
        max_length=80,
        blank=True,
        validators=[no_secrets],
        help_text=_("Длъжност или място, например „кметство Извор“."),
    )

    def __str__(self) -> str:
        return self.settlement_id
