"""One line of the national list: what each column must be."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, TextIO

from places.geo import inside_bulgaria
from places.states import GeoQuality, SettlementKind

COLUMNS = [
    "ekatte",
    "type",
    "name_bg",
    "name_en",
    "municipality_code",
    "municipality_bg",
    "province_code",
    "province_bg",
    "kmetstvo_code",
    "has_own_kmetstvo",
    "altitude_band_m",
    "postal_code",
    "lat",
    "lon",
    "geo_quality",
    "population",
    "population_year",
]
# The 28 provinces, SOF being the capital; a municipality's code begins with its province's.
PROVINCES = frozenset(
    "BGS BLG DOB GAB HKV JAM KNL KRZ LOV MON PAZ PDV PER PVN "  # noqa: SIM905
    "RAZ RSE SFO SHU SLS SLV SML SOF SZR TGV VAR VID VRC VTR".split()
)
# A checked line: its number under `line`, the columns under the names of the model.
Row = dict[str, Any]
BULGARIAN = re.compile(r"[А-Яа-яЍѝ][А-Яа-яЍѝ .()'–-]*")
THREE_PLACES = Decimal("0.001")


class BadRow(NamedTuple):
    line: int
    reason: str


class _Wrong(Exception):
    pass


def read_rows(lines: TextIO) -> Iterator[Row | BadRow]:
    """Every data line as a checked row (with its `line` number) or as what is wrong with it."""
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        missing = [name for name in COLUMNS if name not in header]
        if missing or len(set(header)) != len(header):
            yield BadRow(1, f"columns missing: {', '.join(missing)}" if missing else "a column stands twice")
            return
        for cells in reader:
            if cells:
                yield _row(dict(zip(header, cells, strict=False)), len(cells), len(header), reader.line_num)
    except (csv.Error, UnicodeDecodeError) as error:
        yield BadRow(reader.line_num + 1, f"not readable as CSV in UTF-8 ({error})")


def _row(cells: dict[str, str], count: int, wanted: int, line: int) -> Row | BadRow:
    if count != wanted:
        return BadRow(line, f"{count} columns instead of {wanted}")
    try:
        return {"line": line, **_checked({name: cells[name].strip() for name in COLUMNS})}
    except _Wrong as error:
        return BadRow(line, str(error))


def _checked(row: dict[str, str]) -> Row:
    ekatte = _like(row["ekatte"], r"[0-9]{5}", "EKATTE is five digits")
    if row["type"] not in SettlementKind.values:
        raise _Wrong(f"type {row['type']!r} is none of {', '.join(SettlementKind.values)}")
    code = _like(row["municipality_code"], r"[A-Z]{3}[0-9]{2}", "municipality code is like PER36")
    if row["province_code"] not in PROVINCES or not code.startswith(row["province_code"]):
        raise _Wrong(f"no municipality {code} in province {row['province_code']!r}")
    latitude, longitude = _coordinates(row["lat"], row["lon"])
    quality = row["geo_quality"] or GeoQuality.MISSING
    if quality not in GeoQuality.values:
        raise _Wrong(f"geo_quality {quality!r} is unknown")
    population = _whole(row["population"], "population", 0, 3_000_000)
    return {
        "ekatte": ekatte,
        "kind": row["type"],
        "name_bg": _name(row["name_bg"], "name_bg"),
        "name_en": row["name_en"][:120],
        "municipality_code": code,
        "municipality_bg": _name(row["municipality_bg"], "municipality_bg"),
        "province_code": row["province_code"],
        "province_bg": _name(row["province_bg"], "province_bg"),
        "kmetstvo_code": _like(row["kmetstvo_code"], rf"({code}-[0-9]{{2}})?", "kmetstvo code is like PER36-14"),
        "has_own_kmetstvo": _like(row["has_own_kmetstvo"], r"[01]", "has_own_kmetstvo is 0 or 1") == "1",
        "altitude_band": row["altitude_band_m"].replace(" - ", "–")[:20],
        "postal_code": _postal(row["postal_code"]),
        "latitude": latitude,
        "longitude": longitude,
        "geo_quality": quality,
        "population": population,
        "population_year": _whole(row["population_year"], "population_year", 1880, 2100),
    }


def _like(value: str, pattern: str, rule: str) -> str:
    if not re.fullmatch(pattern, value, flags=re.ASCII):
        raise _Wrong(f"{rule}, not {value!r}")
    return value


def _kmetstvo(value: str, municipality: str) -> str:
    return _like(value, rf"({municipality}-[0-9]{{2}})?", f"kmetstvo code is like {municipality}-14")


def _postal(value: str) -> str:
    """The four digits; empty where the source has a remark instead (three lines of the national list)."""
    found = re.match(r"[0-9]{4}(?![0-9])", value, flags=re.ASCII)
    return found.group() if found else ""


def _name(value: str, column: str) -> str:
    if not BULGARIAN.fullmatch(value) or len(value) > 60:
        raise _Wrong(f"{column} is a name in Bulgarian letters, not {value!r}")
    return value


def _whole(value: str, column: str, low: int, high: int) -> int | None:
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value, flags=re.ASCII) or not low <= int(value) <= high:
        raise _Wrong(f"{column} is a whole number from {low} to {high}, not {value!r}")
    return int(value)


def _coordinates(lat: str, lon: str) -> tuple[Decimal | None, Decimal | None]:
    if not lat and not lon:
        return None, None
    try:
        latitude, longitude = Decimal(lat), Decimal(lon)
        inside = inside_bulgaria(float(latitude), float(longitude))
    except (InvalidOperation, ValueError) as error:
        raise _Wrong(f"coordinates are two decimal numbers or none, not {lat!r} and {lon!r}") from error
    if not inside:
        raise _Wrong(f"coordinates {lat}, {lon} lie outside Bulgaria")
    return latitude.quantize(THREE_PLACES), longitude.quantize(THREE_PLACES)
