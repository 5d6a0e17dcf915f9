"""The facts every installation starts with: the municipality of Radomir and the public holidays."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import holidays
from django.utils.translation import gettext_lazy as _

from core.upsert import Written, upsert
from places.models import Holiday, Municipality, Settlement
from places.services.national import MUNICIPALITY_FIELDS, SETTLEMENT_FIELDS

# Stands on every page that shows places.
ATTRIBUTION = _(
    "Координати: © участниците в OpenStreetMap (ODbL). ЕКАТТЕ и население: Национален статистически институт."
)
RADOMIR = "PER36"
FIRST_YEAR, LAST_YEAR = 2025, 2035
FILE = Path(__file__).with_name("radomir.csv")


def load() -> dict[str, Written]:
    """Write what is missing or differs, by table. The caller holds the transaction."""
    rows = _radomir_rows()
    written = {
        "municipalities": upsert([_radomir()], fields=MUNICIPALITY_FIELDS),
        "settlements": upsert([_settlement(row) for row in rows], fields=SETTLEMENT_FIELDS),
        "neighbours": _link({row["ekatte"]: row["touches"].split() for row in rows}),
        "holidays": _load_holidays(),
    }
    seat = next(row["ekatte"] for row in rows if row["kind"] == "town")
    Municipality.objects.filter(pk=RADOMIR, seat=None).update(seat=seat)
    return written


def _radomir() -> Municipality:
    return Municipality(
        code=RADOMIR,
        name_bg="Радомир",
        name_en="Radomir",
        province_code="PER",
        province_bg="Перник",
        province_en="Pernik",
    )


def _radomir_rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _settlement(row: dict[str, str]) -> Settlement:
    return Settlement(
        ekatte=row["ekatte"],
        kind=row["kind"],
        name_bg=row["name_bg"],
        name_en=row["name_en"],
        municipality_id=RADOMIR,
        kmetstvo_code=row["kmetstvo"],
        has_own_kmetstvo=row["own_kmetstvo"] == "yes",
        latitude=Decimal(row["latitude"]),
        longitude=Decimal(row["longitude"]),
        geo_quality=row["placed"],
        population=int(row["people"]),
        population_year=int(row["people_on"]),
        postal_code=row["post"],
        altitude_band=row["altitude"],
    )


def _link(touching: dict[str, list[str]]) -> Written:
    """Both directions of every pair stand in the file and in the table."""
    through = Settlement.neighbours.through
    wanted = {(a, b) for a, others in touching.items() for b in others}
    standing = set(
        through.objects.filter(from_settlement__in=touching).values_list("from_settlement_id", "to_settlement_id")
    )
    new = sorted(wanted - standing)
    through.objects.bulk_create(
        [through(from_settlement_id=a, to_settlement_id=b) for a, b in new], ignore_conflicts=True
    )
    return Written(new=len(new), same=len(wanted) - len(new))


def _load_holidays() -> Written:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    bulgarian = holidays.country_holidays("BG", years=years, language="bg")
    english = holidays.country_holidays("BG", years=years, language="en_US")
    rows = [
        Holiday(date=day, name_bg=_short(bulgarian[day]), name_en=_short(english[day])) for day in sorted(bulgarian)
    ]
    # A day the law no longer keeps free must not keep visitors away.
    span = (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    Holiday.objects.filter(date__range=span).exclude(date__in=[row.date for row in rows]).delete()
    return upsert(rows, fields=["name_bg", "name_en"])


def _short(name: str) -> str:
    """„Гергьовден, Ден на храбростта…“ → „Гергьовден“; of two feasts on one day both stay."""
    feasts = dict.fromkeys(part.split(",")[0].split(" (")[0].strip() for part in name.split(";"))
    return "; ".join(feasts)
