"""Reads: places, their rules and their calendar. Nothing here is personal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from django.db.models import Prefetch, QuerySet

from places.models import (
    Coverage,
    HelpPoint,
    Holiday,
    LocalHoliday,
    Municipality,
    MunicipalityRules,
    OpeningHours,
    Settlement,
)
from places.models.help_points import HelpPointQuerySet
from places.states import Weekday


def rules_of(municipality: Municipality | str) -> MunicipalityRules:
    """What the municipality works by: its own rules, or the defaults unsaved. Reading writes nothing."""
    code = municipality if isinstance(municipality, str) else municipality.pk
    rules = MunicipalityRules.objects.filter(municipality_id=code).first()
    return rules or MunicipalityRules(municipality_id=code)


def active_municipalities() -> QuerySet[Municipality]:
    return Municipality.objects.active().select_related("seat")


def settlements_of(municipality: Municipality | str) -> QuerySet[Settlement]:
    """By Bulgarian name, each with its coverage note if there is one."""
    return Settlement.objects.of(municipality).select_related("coverage")


def neighbour_pairs(municipality: Municipality | str) -> list[tuple[str, str]]:
    """EKATTE codes of neighbouring settlements, every pair once, the smaller code first."""
    through = Settlement.neighbours.through
    pairs = through.objects.filter(
        from_settlement__municipality=municipality, to_settlement__municipality=municipality
    ).values_list("from_settlement_id", "to_settlement_id")
    return sorted((a, b) for a, b in pairs if a < b)


def with_hours(points: HelpPointQuerySet) -> HelpPointQuerySet:
    """Each with its settlement and its hours: two queries for any number of rows."""
    hours = Prefetch("opening_hours", queryset=OpeningHours.objects.order_by("weekday", "opens"))
    return points.select_related("settlement").prefetch_related(hours)


def help_points_of(municipality: Municipality | str) -> HelpPointQuerySet:
    """Those in use."""
    return with_hours(HelpPoint.objects.active().of(municipality))


def open_on(help_point: HelpPoint, day: date) -> list[tuple[time, time]]:
    """Local opening and closing times of that weekday, in order; holidays are the caller's question."""
    return sorted(
        (hours.opens, hours.closes) for hours in help_point.opening_hours.all() if hours.weekday == day.weekday()
    )


def coverage_of(settlement: Settlement) -> Coverage:
    """The note about a settlement, or an unsaved one that knows nothing."""
    found = Coverage.objects.filter(settlement=settlement).first()
    return found or Coverage(settlement=settlement, municipality_id=settlement.municipality_id)


def free_days(municipality: Municipality | str, first: date, last: date) -> set[date]:
    """Public and local holidays between two days, both included; two queries."""
    national = Holiday.objects.filter(date__range=(first, last)).values_list("date", flat=True)
    local = LocalHoliday.objects.filter(municipality=municipality, date__range=(first, last))
    return {*national, *local.values_list("date", flat=True)}


def is_free_day(municipality: Municipality | str, day: date) -> bool:
    return day in free_days(municipality, day, day)


def visiting_days(
    municipality: Municipality | str, days: Iterable[date], *, rules: MunicipalityRules | None = None
) -> list[date]:
    """Those of the days on which this municipality sends visitors, by its rules on Sundays and holidays."""
    wanted = sorted(days)
    if not wanted:
        return []
    rules = rules or rules_of(municipality)
    closed = set() if rules.visits_on_holidays else free_days(municipality, wanted[0], wanted[-1])
    return [day for day in wanted if day not in closed and (rules.visits_on_sunday or day.weekday() != Weekday.SUNDAY)]


def local_holidays_of(municipality: Municipality | str) -> QuerySet[LocalHoliday]:
    return LocalHoliday.objects.filter(municipality=municipality)
