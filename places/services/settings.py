"""Help points, local holidays, rules, coverage notes of one municipality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from places.models import (
    Coverage,
    HelpPoint,
    LocalHoliday,
    Municipality,
    MunicipalityRules,
    OpeningHours,
    Settlement,
)
from places.transliteration import latin

Row = TypeVar("Row", bound=models.Model)


# What the desk says of itself: how it is reached, and who answers for people's data.
DESK = frozenset({"phone", "email", "office_hours_bg", "office_hours_en"}) | {
    *("address_bg", "address_en", "officer_phone", "officer_email"),
}


class Hours(NamedTuple):
    """Local opening hours on one weekday, Monday 0."""

    weekday: int
    opens: time
    closes: time


@transaction.atomic
def open_municipality(*, code: str, name_bg: str = "", seat_ekatte: str = "", **desk: str) -> Municipality:
    """Let a municipality work here; `desk` may hold the fields of DESK, telephones as E.164.

    One that the national list has not brought yet is made under `name_bg`. Raises Invalid.
    """
    municipality = Municipality.objects.filter(pk=code).first()
    if municipality is None:
        if not name_bg:
            raise Invalid(_("Няма община с този код. Напишете и името ѝ."), code="municipality", field="code")
        municipality = Municipality(code=code, name_bg=name_bg, name_en=latin(name_bg), province_code=code[:3])
    unknown = desk.keys() - DESK
    if unknown:
        raise TypeError(f"open_municipality() got {sorted(unknown)}")
    for name, value in desk.items():
        setattr(municipality, name, value)
    if seat_ekatte:
        municipality.seat_id = seat_ekatte
    municipality.active = True
    return _saved(municipality)


@transaction.atomic
def save_help_point(
    *,
    municipality: Municipality,
    settlement: Settlement,
    kind: str,
    name_bg: str,
    name_en: str = "",
    address: str = "",
    hours: Iterable[Hours],
    help_point_id: int | None = None,
) -> HelpPoint:
    """Make a help point or change one of this municipality, with all its hours.

    Raises Invalid, DoesNotExist.
    """
    if settlement.municipality_id != municipality.pk:
        message = _("Изберете населено място от вашата община.")
        raise Invalid(message, code="settlement", field="settlement")
    if help_point_id is None:
        point = HelpPoint(municipality=municipality)
    else:
        point = HelpPoint.objects.select_for_update().get(pk=help_point_id, municipality=municipality)
    point.settlement, point.kind, point.active = settlement, kind, True
    point.name_bg, point.name_en, point.address = name_bg.strip(), name_en.strip(), address.strip()
    wanted = sorted(set(hours))
    _without_overlap(wanted)
    _saved(point)
    point.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(OpeningHours(help_point=point, **span._asdict()) for span in wanted)
    return point


def _without_overlap(hours: Sequence[Hours]) -> None:
    for span in hours:
        if span.opens >= span.closes:
            raise Invalid(_("Часът на затваряне е след часа на отваряне."), code="hours", field="hours")
    for before, after in pairwise(hours):
        if before.weekday == after.weekday and after.opens < before.closes:
            raise Invalid(_("Часовете в един ден не се застъпват."), code="hours", field="hours")


@transaction.atomic
def close_help_point(*, municipality: Municipality, help_point_id: int) -> HelpPoint:
    """No new meetings there; what is already agreed stays where it is. Raises DoesNotExist."""
    point = HelpPoint.objects.select_for_update().get(pk=help_point_id, municipality=municipality)
    point.active = False
    point.save(update_fields=["active", "updated_at"])
    return point


@transaction.atomic
def add_local_holiday(*, municipality: Municipality, date: date, name_bg: str, name_en: str = "") -> LocalHoliday:
    """Keep a day free in this municipality. Raises Invalid if the day is free already."""
    return _saved(LocalHoliday(municipality=municipality, date=date, name_bg=name_bg, name_en=name_en))


@transaction.atomic
def remove_local_holiday(*, municipality: Municipality, holiday_id: int) -> None:
    """Raises DoesNotExist."""
    LocalHoliday.objects.get(pk=holiday_id, municipality=municipality).delete()


@transaction.atomic
def set_rules(*, municipality: Municipality, values: Mapping[str, Any]) -> MunicipalityRules:
    """Change some of the rules; those not named stay. Raises Invalid, TypeError for a rule nobody knows."""
    rules = MunicipalityRules.objects.select_for_update().filter(municipality=municipality).first()
    rules = rules or MunicipalityRules(municipality=municipality)
    known = {field.name for field in MunicipalityRules._meta.concrete_fields} - {"municipality"}
    for name, value in values.items():
        if name not in known:
            raise TypeError(f"there is no rule {name!r}")
        setattr(rules, name, value)
    return _saved(rules)


@transaction.atomic
def set_coverage(
    *,
    settlement: Settlement,
    signal: str,
    checked_on: date | None,
    checked_by: str = "",
    landline: bool | None = None,
    internet_point: str = "",
    note: str = "",
) -> Coverage:
    """Write down what a visitor will find in a settlement. Raises Invalid."""
    found = Coverage.objects.select_for_update().filter(settlement=settlement).first()
    coverage = found or Coverage(settlement=settlement)
    coverage.municipality_id = settlement.municipality_id
    coverage.signal, coverage.landline, coverage.internet_point = signal, landline, internet_point.strip()
    coverage.note, coverage.checked_on, coverage.checked_by = note.strip(), checked_on, checked_by.strip()
    return _saved(coverage)


def _saved(row: Row) -> Row:
    """Checked by its own fields and constraints, then written. Raises Invalid in the row's own words."""
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(messages[0], code="invalid", field="" if field == NON_FIELD_ERRORS else field) from error
    row.save()
    return row
