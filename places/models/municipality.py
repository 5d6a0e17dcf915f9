from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.language import in_language
from places.models.naming import Named


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def active(self) -> MunicipalityQuerySet:
        """Those that run their volunteers here; the rest are known by name only."""
        return self.filter(active=True)


class Municipality(Named):
    """A municipality under its national code („PER36“)."""

    code = models.CharField(max_length=5, primary_key=True)
    province_code = models.CharField(max_length=3, blank=True)
    province_bg = models.CharField(max_length=60, blank=True)
    province_en = models.CharField(max_length=60, blank=True)
    seat = models.ForeignKey(
        "places.Settlement", on_delete=models.SET_NULL, null=True, blank=True, related_name="seat_of"
    )
    phone = models.CharField(_("телефон на бюрото"), max_length=16, blank=True)
    email = models.EmailField(_("имейл на бюрото"), blank=True)
    office_hours_bg = models.CharField(_("кога вдигаме"), max_length=120, blank=True)
    office_hours_en = models.CharField(_("кога вдигаме, на английски"), max_length=120, blank=True)
    # Whom a letter reaches, and who answers for people's data: the privacy notice names them.
    address_bg = models.CharField(_("адрес на общината"), max_length=160, blank=True, default="", db_default="")
    address_en = models.CharField(
        _("адрес на общината, на английски"), max_length=160, blank=True, default="", db_default=""
    )
    officer_phone = models.CharField(
        _("телефон на отговорника за данните"), max_length=16, blank=True, default="", db_default=""
    )
    officer_email = models.EmailField(_("имейл на отговорника за данните"), blank=True, default="", db_default="")
    active = models.BooleanField(default=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["name_bg", "code"]

    @property
    def office_hours(self) -> str:
        return in_language(self.office_hours_bg, self.office_hours_en)

    @property
    def address(self) -> str:
        return in_language(self.address_bg, self.address_en)


def _between(low: int, high: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class MunicipalityRules(models.Model):
    """Limits and rules one municipality works by; the defaults are what a new one starts with."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, primary_key=True, related_name="rules")
    planning_horizon_days = models.PositiveSmallIntegerField(
        _("планираме за толкова дни напред"), default=14, validators=_between(1, 28)
    )
    offer_horizon_days = models.PositiveSmallIntegerField(
        _("пращаме покани за толкова дни напред"),
        default=7,
        validators=_between(1, 28),
        help_text=_("Спешните заявки се предлагат веднага."),
    )
    first_visit_by_two = models.BooleanField(
        _("първото посещение вкъщи е от двама"),
        default=True,
        help_text=_("Така никой не влиза сам в непознат дом."),
    )
    volunteers_two_factors = models.BooleanField(
        _("доброволците влизат с две неща"),
        default=False,
        db_default=False,
        help_text=_("Освен кода от SMS или имейл: приложение, ключ или код на хартия. Важи от следващото им влизане."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("часове за отговор на покана"),
        default=12,
        validators=_between(1, 96),
        help_text=_("Текат само часовете, в които човекът може да бъде потърсен. После питаме следващия."),
    )
    soon_offer_hours = models.PositiveSmallIntegerField(
        _("часове за отговор, ако помощта е до 3 дни"), default=6, validators=_between(1, 48)
    )
    urgent_offer_hours = models.PositiveSmallIntegerField(
        _("часове за отговор при спешност"),
        default=2,
        validators=_between(1, 24),
        help_text=_("На половината време напомняме. Ако е спешно, казваме и на вас."),
    )
    urgent_at_once = models.PositiveSmallIntegerField(
        _("толкова души питаме наведнъж при спешност"),
        default=3,
        validators=_between(1, 5),
        help_text=_("Отива, който приеме пръв. На другите благодарим."),
    )
    offers_a_day = models.PositiveSmallIntegerField(
        _("най-много покани на ден до един човек"),
        default=3,
        validators=_between(1, 20),
        help_text=_("Важи, докато доброволецът не избере друго."),
    )
    ladder_rungs = models.PositiveSmallIntegerField(
        _("покани, преди да поеме координатор"),
        default=3,
        validators=_between(1, 10),
        help_text=_("След толкова стъпала без „да“ заявката идва при вас."),
    )
    half_staffed_hours = models.PositiveSmallIntegerField(
        _("часове за намиране на втория човек"),
        default=24,
        validators=_between(1, 96),
        help_text=_("Ако не се намери, освобождаваме първия с благодарност."),
    )
    visiting_from = models.TimeField(_("посещения от"), default=time(9, 0))
    visiting_to = models.TimeField(_("посещения до"), default=time(18, 0))
    visits_on_sunday = models.BooleanField(_("посещения и в неделя"), default=False)
    visits_on_holidays = models.BooleanField(_("посещения и на празник"), default=False)
    max_travel_per_shift = models.PositiveSmallIntegerField(
        _("най-много път за една смяна, минути"), default=150, validators=_between(10, 600)
    )
    default_max_leg = models.PositiveSmallIntegerField(
        _("най-дълъг път от вкъщи, минути"),
        default=60,
        validators=_between(5, 240),
        help_text=_("Важи, докато доброволецът не избере друго."),
    )
    default_visits_per_week = models.PositiveSmallIntegerField(
        _("най-много посещения седмично"),
        default=4,
        validators=_between(1, 20),
        help_text=_("Важи, докато доброволецът не избере друго."),
    )
    checkout_grace_minutes = models.PositiveSmallIntegerField(
        _("минути закъснение, преди да потърсим доброволеца"), default=45, validators=_between(5, 240)
    )
    keep_seed = models.PositiveIntegerField(
        _("начално число на плана"),
        default=1,
        validators=_between(0, 2**31 - 1),
        help_text=_("Същото число дава същия план."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visiting_from__lt=models.F("visiting_to")),
                name="rules_visiting_hours",
                violation_error_message=_("Краят на посещенията е след началото им."),
            ),
            models.CheckConstraint(
                condition=models.Q(offer_horizon_days__lte=models.F("planning_horizon_days")),
                name="rules_offer_inside_plan",
                violation_error_message=_("Покани пращаме само за дни, които вече планираме."),
            ),
        ]

    def __str__(self) -> str:
        return self.municipality_id
