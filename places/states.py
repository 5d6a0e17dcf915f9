"""The words places are described with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SettlementKind(models.TextChoices):
    TOWN = "town", _("град")
    VILLAGE = "village", _("село")
    MONASTERY = "monastery", _("манастир")


# What stands before a name in a sentence: „с. Извор“. A monastery says what it is in its own name.
PREFIX = {
    SettlementKind.TOWN: pgettext_lazy("before a town's name", "гр."),
    SettlementKind.VILLAGE: pgettext_lazy("before a village's name", "с."),
}


class GeoQuality(models.TextChoices):
    """How far a coordinate was checked against the outline of its own municipality."""

    INSIDE = "inside", _("в собственото землище")
    INSIDE_COARSE = "inside_coarse", _("закръглена до минута")
    INSIDE_SHARED_POINT = "inside_shared_point", _("една точка с друго място")
    NEAR_EDGE = "near_edge", _("до границата на общината")
    OUTSIDE_2_3KM = "outside_2_3km", _("2–3\u00a0км извън общината")
    MISSING = "missing", _("липсва")
    MISSING_REMOVED_IMPLAUSIBLE = "missing_removed_implausible", _("липсва: старата беше невярна")


class Signal(models.TextChoices):
    GOOD = "good", _("добър")
    WEAK = "weak", _("слаб")
    NONE = "none", _("няма")
    UNKNOWN = "unknown", _("не знаем")


class HelpPointKind(models.TextChoices):
    KMETSTVO = "kmetstvo", _("кметство")
    CHITALISHTE = "chitalishte", _("читалище")
    LIBRARY = "library", _("библиотека")
    OTHER = "other", _("друго място")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("понеделник")
    TUESDAY = 1, _("вторник")
    WEDNESDAY = 2, _("сряда")
    THURSDAY = 3, _("четвъртък")
    FRIDAY = 4, _("петък")
    SATURDAY = 5, _("събота")
    SUNDAY = 6, _("неделя")
