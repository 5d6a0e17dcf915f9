"""Reads of the catalogue, and what the season says of a service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import QuerySet

from catalogue.models import DifficultyType, Season, Service, ServiceGroup, ServiceQuerySet
from catalogue.states import SeasonKind


def services_for(*, municipality: str = "") -> ServiceQuerySet:
    """Services of a municipality by its code (empty: the national ones), with group and institution."""
    return Service.objects.active().available_in(municipality).select_related("group", "institution")


def frequent_services(*, municipality: str = "") -> ServiceQuerySet:
    """Those a resident is offered in the first question."""
    return services_for(municipality=municipality).frequent()


def in_season_first(services: Iterable[Service], today: date) -> list[Service]:
    """The same services: open ones first, by deadline, then those without one, then those that wait."""

    def place(service: Service) -> tuple[bool, date, int]:
        return not in_season(service, today), next_deadline(service, today) or date.max, service.order

    return sorted(services, key=place)


def in_season(service: Service, today: date) -> bool:
    """Can one apply today? A service without a window is open all year."""
    windows = service.seasons_of(SeasonKind.WINDOW)
    return not windows or any(begins <= today <= ends for begins, ends in _spans(windows, today))


def next_deadline(service: Service, today: date) -> date | None:
    """The last good day: of the season that runs, else of the one that comes next. None: no deadline."""
    seasons = service.seasons_of(SeasonKind.WINDOW, SeasonKind.DEADLINE)
    ends = [ends for _begins, ends in _spans(seasons, today) if ends >= today]
    if service.deadline_day_of_month:
        ends.append(_monthly(service.deadline_day_of_month, today))
    return min(ends, default=None)


def opens_on(service: Service, today: date) -> date | None:
    """When the next window opens, if none is open today."""
    if in_season(service, today):
        return None
    windows = service.seasons_of(SeasonKind.WINDOW)
    return min(begins for begins, _ends in _spans(windows, today) if begins > today)


def _spans(seasons: list[Season], today: date) -> Iterator[tuple[date, date]]:
    """The windows around today as dates; one that crosses the year's end belongs to the year it begins in."""
    for season in seasons:
        for year in (today.year - 1, today.year, today.year + 1):
            begins, ends = _day(year, season.begins), _day(year, season.ends)
            yield begins, ends if ends >= begins else _day(year + 1, season.ends)


def _day(year: int, month_day: str) -> date:
    """„02-29“ is the 28th in a common year."""
    month, day = map(int, month_day.split("-"))
    if (month, day) == (2, 29) and not (year % 4 == 0 and (year % 100 or year % 400 == 0)):
        day = 28
    return date(year, month, day)


def _monthly(day: int, today: date) -> date:
    if today.day <= day:
        return today.replace(day=day)
    return (today.replace(day=1) + timedelta(days=31)).replace(day=day)


def groups() -> QuerySet[ServiceGroup]:
    return ServiceGroup.objects.all()


def difficulties() -> QuerySet[DifficultyType]:
    return DifficultyType.objects.all()
