"""Reading places and travel."""

from __future__ import annotations

from collections.abc import Mapping

from matching.format.model import Mode, Travel, TravelRule
from matching.format.strict import LEG, ProblemError, each, fields, integer, items, mapping, number, shown

MAX_PLACES = 12_000
_Points = tuple[tuple[float, float], ...]


def check_place(value: object, path: str, places: int) -> int:
    """An index of a place."""
    if not isinstance(value, bool) and isinstance(value, int) and not 0 <= value < places:
        raise ProblemError(path, f"{value} is no place: there are {places}, counted from 0")
    return integer(value, path, 0, places - 1)


def parse_places(value: object) -> tuple[_Points | None, _Points | None]:
    """(xy_km, lat_lon), of which one is None."""
    data = fields(value, "places", (), ("xy_km", "lat_lon"))
    if len(data) != 1:
        raise ProblemError("places", "must hold either xy_km or lat_lon")
    if "xy_km" in data:
        return each(data["xy_km"], "places.xy_km", MAX_PLACES, lambda p, at: _point(p, at, 1e6, 1e6)), None
    return None, each(data["lat_lon"], "places.lat_lon", MAX_PLACES, lambda p, at: _point(p, at, 90, 180))


def _point(value: object, path: str, first: float, second: float) -> tuple[float, float]:
    pair = items(value, path, 2)
    if len(pair) != 2:
        raise ProblemError(path, "must be a list of two numbers")
    return number(pair[0], f"{path}[0]", -first, first), number(pair[1], f"{path}[1]", -second, second)


def parse_travel(value: object, places: int | None, unit: str) -> tuple[Travel, int]:
    """The travel part and the number of places; `places` is None when only a matrix can tell."""
    data = fields(value, "travel", (), ("rule", "matrix"))
    if len(data) != 1:
        raise ProblemError("travel", "must hold either rule or matrix")
    if "matrix" in data:
        matrix, count = _matrix(data["matrix"], places)
        return Travel(matrix=matrix), count
    if places is None:
        raise ProblemError("places", "is missing: travel.rule needs coordinates")
    if unit != "minute":
        raise ProblemError("time_unit", f'must be "minute" with travel.rule, not {shown(unit)}')
    return Travel(rule=_rule(data["rule"], "travel.rule")), places


def _rule(value: object, path: str) -> TravelRule:
    data = fields(value, path, ("detour", "same_place", "modes"))
    modes = {key: _mode(mode, f"{path}.modes.{key}") for key, mode in mapping(data["modes"], f"{path}.modes").items()}
    return TravelRule(
        detour=_positive(data["detour"], f"{path}.detour", 1000),
        same_place=integer(data["same_place"], f"{path}.same_place", 0, LEG),
        modes=modes,
    )


def _mode(value: object, path: str) -> Mode:
    data = fields(value, path, ("kmh", "fixed"))
    return Mode(_positive(data["kmh"], f"{path}.kmh", 1e5), number(data["fixed"], f"{path}.fixed", 0, LEG))


def _positive(value: object, path: str, high: float) -> float:
    # Below a thousandth the minutes of a leg could leave 64 bits.
    return number(value, path, 1e-3, high)


def _matrix(value: object, places: int | None) -> tuple[Mapping[str, tuple[tuple[int, ...], ...]], int]:
    modes = mapping(value, "travel.matrix")
    if not modes:
        raise ProblemError("travel.matrix", "must hold at least one mode")
    result: dict[str, tuple[tuple[int, ...], ...]] = {}
    for mode, table in modes.items():
        path = f"travel.matrix.{mode}"
        count = len(items(table, path, MAX_PLACES))
        if places is None:
            places = count
        if count != places:
            raise ProblemError(path, f"has {count} rows, where there are {places} places")
        size = count
        result[mode] = each(table, path, MAX_PLACES, lambda row, at, size=size: _row(row, at, size))  # type: ignore[misc]
        for index in range(count):
            if result[mode][index][index]:
                raise ProblemError(f"{path}[{index}][{index}]", "must be 0: from a place to itself")
    return result, places or 0


def _row(value: object, path: str, size: int) -> tuple[int, ...]:
    row = each(value, path, MAX_PLACES, lambda leg, at: integer(leg, at, 0, LEG))
    if len(row) != size:
        raise ProblemError(path, f"has {len(row)} columns, where there are {size} places")
    return row
