"""Travel times as the format page defines them, for the judge's own use."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matching.format import Problem, Request, Shift, Volunteer

EARTH_KM = 6371.0088


class Roads:
    """Legs in units of time between indices of places."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._known: dict[tuple[str, int, int], int] = {}

    def leg(self, mode: str, start: int, end: int) -> int:
        key = (mode, start, end)
        if key not in self._known:
            self._known[key] = self._measure(mode, start, end)
        return self._known[key]

    def _measure(self, mode: str, start: int, end: int) -> int:
        travel = self._problem.travel
        if travel.matrix is not None:
            return travel.matrix[mode][start][end]
        if start == end:
            return 0
        assert travel.rule is not None
        points = self._problem.xy_km or self._problem.lat_lon or ()
        if points[start] == points[end]:
            return travel.rule.same_place
        flat = self._problem.xy_km is not None
        km = _plane(points[start], points[end]) if flat else _sphere(points[start], points[end])
        speed = travel.rule.modes[mode]
        return math.ceil(km * travel.rule.detour / speed.kmh * 60 + speed.fixed - 1e-9)


def _plane(a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    return math.sqrt(dx * dx + dy * dy)


def _sphere(a: tuple[float, float], b: tuple[float, float]) -> float:
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin((math.radians(b[1]) - math.radians(a[1])) / 2)
    h = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def entry(request: Request, volunteer: Volunteer) -> int:
    """Where the volunteer must be when the service starts."""
    return volunteer.home if request.place is None else request.place


def departure(request: Request, volunteer: Volunteer) -> int:
    """Where the volunteer is when the service ends."""
    return entry(request, volunteer) if request.end_place is None else request.end_place


def origin(volunteer: Volunteer, shift: Shift) -> int:
    return volunteer.home if shift.from_place is None else shift.from_place


def destination(volunteer: Volunteer, shift: Shift) -> int:
    return volunteer.home if shift.to_place is None else shift.to_place


def legs(roads: Roads, volunteer: Volunteer, shift: Shift, run: Sequence[Request]) -> list[int]:
    """The legs of a run in order: to each visit, and the way back at the end. No visits, no legs."""
    if not run:
        return []
    here, result = origin(volunteer, shift), []
    for request in run:
        result.append(roads.leg(volunteer.mode, here, entry(request, volunteer)))
        here = departure(request, volunteer)
    result.append(roads.leg(volunteer.mode, here, destination(volunteer, shift)))
    return result
