"""Municipalities, settlements, help points, holidays. National unless a row carries a municipality."""

from places.models.calendar import Holiday, LocalHoliday
from places.models.help_points import HelpPoint, OpeningHours
from places.models.municipality import Municipality, MunicipalityRules
from places.models.settlement import Coverage, Settlement

__all__ = [
    "Coverage",
    "HelpPoint",
    "Holiday",
    "LocalHoliday",
    "Municipality",
    "MunicipalityRules",
    "OpeningHours",
    "Settlement",
]
