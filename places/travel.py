"""How long the way takes. Every assumption stands in one table, `ASSUMED`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from places.geo import Point, air_km


class TravelMode(models.TextChoices):
    CAR = "car", _("кола")
    BUS = "bus", _("автобус")
    FOOT = "foot", _("пеша")


@dataclass(frozen=True)
class Pace:
    kmh: float
    fixed_minutes: float


@dataclass(frozen=True)
class Assumptions:
    detour: float
    same_place_minutes: int
    paces: dict[TravelMode, Pace]

    def as_rule(self) -> dict[str, Any]:
        """The same table in the words of the planner's problem file (`travel.rule`)."""
        modes = {mode.value: {"kmh": p.kmh, "fixed": p.fixed_minutes} for mode, p in self.paces.items()}
        return {"detour": self.detour, "same_place": self.same_place_minutes, "modes": modes}


# Guesses until measured, for hill country with third-class roads:
# - detour: a road between two villages is about a third longer than the straight line (13.3 km by air from
#   Radomir to Izvor make 17 km of road).
# - car: 45 km/h counts bends, villages and winter patches; 3 minutes to set off and to park.
# - bus: 22 km/h with every stop; 10 minutes to walk to the stop and wait, for one who knows the timetable.
# - foot: 5 km/h, a healthy adult.
# - two addresses in one village: 5 minutes, whatever the mode.
ASSUMED = Assumptions(
    detour=1.3,
    same_place_minutes=5,
    paces={
        TravelMode.CAR: Pace(kmh=45, fixed_minutes=3),
        TravelMode.BUS: Pace(kmh=22, fixed_minutes=10),
        TravelMode.FOOT: Pace(kmh=5, fixed_minutes=0),
    },
)


def minutes(a: Point, b: Point, mode: str, *, assumed: Assumptions = ASSUMED) -> int:
    """Whole minutes from `a` to `b`, rounded up; the same point means two addresses in one village.

    The same sums in the same order as the planner's rule, so that both answer the same minute.
    Raises ValueError for an unknown mode.
    """
    pace = assumed.paces[TravelMode(mode)]
    if a == b:
        return assumed.same_place_minutes
    # The tiny subtraction keeps a sum that is whole but for rounding from becoming a minute more.
    return ceil(road_km(a, b, assumed=assumed) / pace.kmh * 60 + pace.fixed_minutes - 1e-9)


def road_km(a: Point, b: Point, *, assumed: Assumptions = ASSUMED) -> float:
    """About how many kilometres of road lie between two points."""
    return air_km(a, b) * assumed.detour


def matrix(points: Sequence[Point], mode: str, *, assumed: Assumptions = ASSUMED) -> list[list[int]]:
    """Minutes from every point to every point; the diagonal is 0."""
    return [
        [0 if i == j else minutes(a, b, mode, assumed=assumed) for j, b in enumerate(points)]
        for i, a in enumerate(points)
    ]
