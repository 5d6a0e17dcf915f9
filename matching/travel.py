"""Travel times between all places, one table per way of travelling.

The rule of the format page: `ceil(km * detour / kmh * 60 + fixed - 1e-9)` in float64, in that order.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from matching.format import Mode, Problem, TravelRule

EARTH_KM = 6371.0088
# Lists of lists are faster to index, arrays are ten times smaller.
SMALL = 1_000

Table = Sequence[Sequence[int]]
_Floats = npt.NDArray[np.float64]
_Whole = npt.NDArray[np.int64]


def tables(problem: Problem) -> dict[str, Table]:
    """Mode → table[from][to], for the modes that somebody uses."""
    used = sorted({volunteer.mode for volunteer in problem.volunteers})
    matrix, rule = problem.travel.matrix, problem.travel.rule
    if matrix is not None:
        return {mode: matrix[mode] for mode in used}
    assert rule is not None
    # Many people share the coordinates of their village: measure each pair of points once. (-0.0 is 0.0.)
    given = np.array(problem.xy_km or problem.lat_lon or (), dtype=np.float64).reshape(-1, 2) + 0.0
    points, which = np.unique(given, axis=0, return_inverse=True)
    flat = problem.xy_km is not None
    km = _plane(points) if flat else _sphere(points)
    return {mode: _expand(_minutes(km, points, rule, rule.modes[mode], flat), which.reshape(-1)) for mode in used}


def _plane(points: _Floats) -> _Floats:
    dx = points[None, :, 0] - points[:, None, 0]
    dy = points[None, :, 1] - points[:, None, 1]
    km: _Floats = np.sqrt(dx * dx + dy * dy)
    return km


def _sphere(points: _Floats) -> _Floats:
    lat, lon = np.radians(points[:, 0]), np.radians(points[:, 1])
    half_lat = np.sin((lat[None, :] - lat[:, None]) / 2)
    half_lon = np.sin((lon[None, :] - lon[:, None]) / 2)
    h = half_lat * half_lat + np.cos(lat)[:, None] * np.cos(lat)[None, :] * half_lon * half_lon
    km: _Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, h)))
    return km


def _minutes(km: _Floats, points: _Floats, rule: TravelRule, mode: Mode, flat: bool) -> _Whole:
    """Minutes between different points; the diagonal holds two indices of one point."""
    raw = km * rule.detour / mode.kmh * 60 + mode.fixed - 1e-9
    minutes = np.ceil(raw).astype(np.int64)
    if not flat:
        _settle_ties(minutes, raw, points, rule, mode)
    np.fill_diagonal(minutes, rule.same_place)
    return minutes


def _expand(minutes: _Whole, which: npt.NDArray[np.intp]) -> Table:
    """From points to places: `which[i]` is the point of place i."""
    whole = minutes[np.ix_(which, which)]
    np.fill_diagonal(whole, 0)
    if len(which) <= SMALL:
        rows: list[list[int]] = whole.tolist()
        return rows
    return [array("q", row.tobytes()) for row in whole]


def _settle_ties(minutes: npt.NDArray[np.int64], raw: _Floats, points: _Floats, rule: TravelRule, mode: Mode) -> None:
    """NumPy's sine may differ from the C library's in the last bit: decide edge cases with the latter."""
    near = np.abs(raw - np.round(raw)) < 1e-7
    np.fill_diagonal(near, False)
    for a, b in np.argwhere(near):
        km = great_circle(tuple(points[a]), tuple(points[b]))
        minutes[a, b] = math.ceil(km * rule.detour / mode.kmh * 60 + mode.fixed - 1e-9)


def great_circle(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Kilometres between two (latitude, longitude) points in degrees."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(x) for x in (a[0], a[1], b[0], b[1]))
    half_lat, half_lon = math.sin((lat_b - lat_a) / 2), math.sin((lon_b - lon_a) / 2)
    h = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def minutes_by(rule: TravelRule, mode: str, km: float) -> int:
    """Minutes of one leg of `km` (as the crow flies), as the tables hold it."""
    speed: Mapping[str, Mode] = rule.modes
    return math.ceil(km * rule.detour / speed[mode].kmh * 60 + speed[mode].fixed - 1e-9)
