"""Invented problems of any size, for tests and measurements: the same for the same numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from matching.format import Mode, Problem, Request, Shift, Travel, TravelRule, Volunteer, Weights
from matching.format.model import ESCORT, HELP_POINT, HOME_VISIT, PHONE_HELP
from matching.radomir import SETTLEMENTS, TOWN

SKILLS = ("HEATING_BENEFIT", "PENSION", "TAX_RETURN", "HEALTH_RECORD", "ADDRESS", "DISABILITY_AID")
RULE = TravelRule(1.3, 5, {"car": Mode(45, 3), "bus": Mode(22, 10), "foot": Mode(5, 0)})
WEIGHTS = Weights(
    priority={"1": 300, "2": 500, "3": 800, "4": 1600},
    travel=1,
    day_waited=4,
    continuity=40,
    preferred=20,
    kth_visit_in_week=2,
    over_wish=10,
    first_visit=15,
    scarcity={"DISABILITY_AID": 12, "TAX_RETURN": 4},
)
DAY = 24 * 60
HALVES = ((8 * 60 + 30, 12 * 60 + 30), (13 * 60 + 30, 17 * 60 + 30), (16 * 60, 19 * 60))


@dataclass
class _Land:
    """Where people live: points are added as people are invented; the first are the help points."""

    rng: random.Random
    radomir: bool
    points: list[tuple[float, float]] = field(default_factory=list)

    def settle(self) -> int:
        """A new place, near a settlement drawn by population."""
        if self.radomir:
            weights = [people**0.7 for _, _, _, people in SETTLEMENTS]
            _, lat, lon, _ = self.rng.choices(SETTLEMENTS, weights)[0]
            self.points.append((lat, lon))
        elif self.rng.random() < 0.4:
            self.points.append((round(self.rng.gauss(12, 1.2), 3), round(self.rng.gauss(12, 1.2), 3)))
        else:
            self.points.append((round(self.rng.uniform(0, 24), 3), round(self.rng.uniform(0, 24), 3)))
        return len(self.points) - 1


def generate(requests: int, volunteers: int, days: int, seed: int, radomir: bool = False) -> Problem:
    """A problem with all kinds of requests and no promises. Days count from 0, weeks are sevens of days."""
    rng = random.Random(seed)  # noqa: S311 - invented people, not secrets
    land = _Land(rng, radomir)
    if radomir:
        land.points.extend((lat, lon) for code, lat, lon, people in SETTLEMENTS if people >= 200 or code == TOWN)
    else:
        land.points.extend((x, y) for x in (6.0, 12.0, 18.0) for y in (6.0, 12.0, 18.0))
    helps = len(land.points)
    people = tuple(_volunteer(rng, land, index, days) for index in range(volunteers))
    asked = tuple(_request(rng, land, index, days, helps, volunteers) for index in range(requests))
    points = tuple(land.points)
    return Problem(
        travel=Travel(rule=RULE),
        weights=WEIGHTS,
        volunteers=people,
        requests=asked,
        xy_km=None if radomir else points,
        lat_lon=points if radomir else None,
    )


def _volunteer(rng: random.Random, land: _Land, index: int, days: int) -> Volunteer:
    mode = rng.choices(("car", "bus", "foot"), (70, 20, 10))[0]
    week = rng.randint(2, 6)
    return Volunteer(
        id=f"v{index}",
        home=land.settle(),
        mode=mode,
        skills=frozenset(rng.sample(SKILLS, rng.randint(1, 4))),
        languages=frozenset(("bg", "tr") if rng.random() < 0.15 else ("bg",)),
        max_visits_per_week=week,
        wish_per_week=rng.randint(1, week),
        max_leg=rng.choice((40, 60, 90)),
        max_travel_per_shift=rng.choice((120, 180)),
        idle=rng.random() < 0.2,
        shifts=tuple(_shifts(rng, index, days)),
    )


def _shifts(rng: random.Random, index: int, days: int) -> list[Shift]:
    result = []
    for day in range(days):
        if day % 7 == 6 or rng.random() > 0.4:
            continue
        start, end = rng.choice(HALVES)
        result.append(Shift(f"v{index}-d{day}", day * DAY + start, day * DAY + end, day // 7, day))
    return result


def _request(rng: random.Random, land: _Land, index: int, days: int, helps: int, volunteers: int) -> Request:
    kind = rng.choices((HOME_VISIT, HELP_POINT, ESCORT, PHONE_HELP), (78, 8, 4, 10))[0]
    age = rng.choice((0, 0, 1, 2, 3, 5, 8))
    priority = rng.choices((1, 2, 3, 4), (30, 45, 20, 5))[0]
    released = rng.randint(0, max(0, days // 3)) if rng.random() < 0.2 else -age
    place = rng.randrange(helps) if kind == HELP_POINT else land.settle()
    return Request(
        id=f"r{index}",
        kind=kind,
        place=None if kind == PHONE_HELP else place,
        end_place=rng.randrange(helps) if kind == ESCORT else None,
        skills=frozenset(rng.sample(SKILLS, 2 if rng.random() < 0.1 else 1)),
        language="tr" if rng.random() < 0.05 else "bg",
        duration=rng.choice((30, 45, 60, 60, 90)),
        windows=_windows(rng, days),
        # Each day of age raises the prize by more than the day costs, so that the older is served first.
        prize=WEIGHTS.priority[str(priority)] + (WEIGHTS.day_waited + 2) * max(0, -released),
        released_day=released,
        team=2 if kind != PHONE_HELP and rng.random() < 0.12 else 1,
        preferred=frozenset((f"v{rng.randrange(volunteers)}",)) if rng.random() < 0.1 else frozenset(),
        blocked=frozenset((f"v{rng.randrange(volunteers)}",)) if rng.random() < 0.03 else frozenset(),
        earlier=f"v{rng.randrange(volunteers)}" if rng.random() < 0.15 else None,
        priority=priority,
    )


def _windows(rng: random.Random, days: int) -> tuple[tuple[int, int], ...]:
    chosen = sorted(rng.sample(range(days), min(days, rng.randint(2, 5))))
    result = []
    for day in chosen:
        opens = rng.choice((8 * 60, 9 * 60, 13 * 60, 14 * 60))
        result.append((day * DAY + opens, day * DAY + opens + rng.choice((180, 240, 300))))
    return tuple(result)
