"""The national list of settlements: read whole, checked whole, and only then written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TextIO

from django.db import transaction

from core.upsert import Written, upsert
from places.models import Municipality, Settlement
from places.services.rows import COLUMNS, BadRow, Row, read_rows
from places.transliteration import latin

SETTLEMENT_FIELDS = [
    "name_bg",
    "name_en",
    "kind",
    "municipality",
    "kmetstvo_code",
    "has_own_kmetstvo",
    "latitude",
    "longitude",
    "geo_quality",
    "population",
    "population_year",
    "postal_code",
    "altitude_band",
]
MUNICIPALITY_FIELDS = ["name_bg", "name_en", "province_code", "province_bg", "province_en"]


class BadFile(Exception):
    """Nothing was loaded; `problems` says why, line by line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Loaded(NamedTuple):
    municipalities: Written
    settlements: Written


def load_national(lines: TextIO, *, only: str = "") -> Loaded:
    """Bring the settlements of a CSV file (UTF-8, the columns of `COLUMNS`) and their municipalities in.

    `only` takes one municipality's rows; the others are checked all the same.
    Raises BadFile with every problem.
    """
    rows: list[Row] = []
    problems: list[str] = []
    for row in read_rows(lines):
        if isinstance(row, BadRow):
            problems.append(f"line {row.line}: {row.reason}")
        else:
            rows.append(row)
    problems += _disagreements(rows)
    if only and not problems and not any(row["municipality_code"] == only for row in rows):
        problems.append(f"no settlement of municipality {only} in the file")
    if not rows and not problems:
        problems.append("the file has no rows")
    if problems:
        raise BadFile(problems)
    return _write([row for row in rows if not only or row["municipality_code"] == only])


@transaction.atomic
def _write(rows: list[Row]) -> Loaded:
    towns = {str(row["municipality_code"]): row for row in rows}
    municipalities = upsert([_municipality(row) for row in towns.values()], fields=MUNICIPALITY_FIELDS)
    settlements = upsert([_settlement(row) for row in rows], fields=SETTLEMENT_FIELDS)
    return Loaded(municipalities, settlements)


def _municipality(row: Row) -> Municipality:
    name, province = str(row["municipality_bg"]), str(row["province_bg"])
    return Municipality(
        code=row["municipality_code"],
        name_bg=name,
        name_en=latin(name),
        province_code=row["province_code"],
        province_bg=province,
        province_en=latin(province),
    )


def _settlement(row: Row) -> Settlement:
    values = {name: row[name] for name in SETTLEMENT_FIELDS if name != "municipality"}
    return Settlement(ekatte=row["ekatte"], municipality_id=row["municipality_code"], **values)


def _disagreements(rows: Iterable[Row]) -> Iterator[str]:
    """Codes that stand twice, and a municipality that is not named the same in all its lines."""
    seen: dict[object, object] = {}
    named: dict[object, tuple[object, object]] = {}
    for row in rows:
        first = seen.setdefault(row["ekatte"], row["line"])
        if first != row["line"]:
            yield f"line {row['line']}: EKATTE {row['ekatte']} stands already in line {first}"
        code, names = row["municipality_code"], (row["municipality_bg"], row["province_bg"])
        if named.setdefault(code, names) != names:
            yield f"line {row['line']}: municipality {code} is {named[code]} above and {names} here"


__all__ = ["COLUMNS", "BadFile", "Loaded", "load_national"]
