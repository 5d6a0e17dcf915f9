"""The problem as typed, frozen values. Places are indices, times are integers of `time_unit`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOME_VISIT = "HOME_VISIT"
HELP_POINT = "HELP_POINT"
ESCORT = "ESCORT"
PHONE_HELP = "PHONE_HELP"
KINDS = (HOME_VISIT, HELP_POINT, ESCORT, PHONE_HELP)


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of travelling: speed in km/h and the fixed minutes of each leg."""

    kmh: float
    fixed: float


@dataclass(frozen=True, slots=True)
class TravelRule:
    """Minutes from coordinates; `same_place` is charged between two indices of equal coordinates."""

    detour: float
    same_place: int
    modes: Mapping[str, Mode]


@dataclass(frozen=True, slots=True)
class Travel:
    """Exactly one of the two is given; a matrix is indexed [mode][from][to]."""

    rule: TravelRule | None = None
    matrix: Mapping[str, tuple[tuple[int, ...], ...]] | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of the objective; every weight is at least 0."""

    priority: Mapping[str, int] = field(default_factory=dict)
    travel: int = 0
    day_waited: int = 0
    continuity: int = 0
    preferred: int = 0
    kth_visit_in_week: int = 0
    over_wish: int = 0
    first_visit: int = 0
    stability: int = 0
    scarcity: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of one volunteer. `from_place` and `to_place` are None for home."""

    id: str
    start: int
    end: int
    week: int
    day: int
    from_place: int | None = None
    to_place: int | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Volunteer:
    """`done[week]` never counts a promised visit."""

    id: str
    home: int
    mode: str
    skills: frozenset[str]
    languages: frozenset[str]
    max_visits_per_week: int
    shifts: tuple[Shift, ...]
    wish_per_week: int | None = None
    done: Mapping[int, int] = field(default_factory=dict)
    max_leg: int | None = None
    max_travel_per_shift: int | None = None
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """`place` is None only for PHONE_HELP, `end_place` is set only for ESCORT; `prize` is resolved."""

    id: str
    kind: str
    place: int | None
    end_place: int | None
    skills: frozenset[str]
    language: str
    duration: int
    windows: tuple[tuple[int, int], ...]
    prize: int
    released_day: int
    team: int = 1
    preferred: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    earlier: str | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A visit that stands: `shifts[i]` belongs to `volunteers[i]`; fewer people than `team` = open seats."""

    request: str
    volunteers: tuple[str, ...]
    shifts: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Standing(Promise):
    """A visit that people were told of and have not promised yet: worth keeping, free to change."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`xy_km` and `lat_lon` exclude each other; both are None only with a matrix."""

    travel: Travel
    weights: Weights
    volunteers: tuple[Volunteer, ...]
    requests: tuple[Request, ...]
    promises: tuple[Promise, ...] = ()
    xy_km: tuple[tuple[float, float], ...] | None = None
    lat_lon: tuple[tuple[float, float], ...] | None = None
    time_unit: str = "minute"
    # New visits rather start at a multiple of this many units; not a rule of the judge.
    start_step: int = 1
    standing: tuple[Standing, ...] = ()
