"""Strict reading of `problem.json`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from matching.format import strict
from matching.format.model import (
    ESCORT,
    HOME_VISIT,
    KINDS,
    PHONE_HELP,
    Problem,
    Request,
    Shift,
    Volunteer,
    Weights,
)
from matching.format.places import check_place, parse_places, parse_travel
from matching.format.promises import parse_promises, parse_standing
from matching.format.strict import (
    INSTANT,
    POINTS,
    ProblemError,
    each,
    fields,
    flag,
    integer,
    mapping,
    text,
    texts,
)

FORMAT = "hvsp/1"
MAX_REQUESTS = 50_000
MAX_VOLUNTEERS = 10_000
MAX_SHIFTS = 1_000
MAX_WINDOWS = 1_000
MAX_PROMISES = 50_000
MAX_STEP = 1440
VISITS = 10**6

_WEEK = re.compile(r"0|-?[1-9][0-9]{0,9}")


def parse_problem(data: object) -> Problem:
    """The problem of a decoded JSON value; `ProblemError` names the first field that is wrong."""
    top = fields(
        data,
        "",
        ("format", "travel", "weights", "volunteers", "requests"),
        ("time_unit", "start_step", "places", "promises", "standing"),
    )
    if top["format"] != FORMAT:
        raise ProblemError("format", f'must be "{FORMAT}", not {strict.shown(top["format"])}')
    unit = text(top.get("time_unit", "minute"), "time_unit")
    step = integer(top.get("start_step", 1), "start_step", 1, MAX_STEP)
    # Sizes come first: a file of a million requests is refused before anything long is done with it.
    strict.items(top["requests"], "requests", MAX_REQUESTS)
    strict.items(top["volunteers"], "volunteers", MAX_VOLUNTEERS)
    xy, lat_lon = parse_places(top["places"]) if "places" in top else (None, None)
    coordinates = xy if xy is not None else lat_lon
    travel, count = parse_travel(top["travel"], None if coordinates is None else len(coordinates), unit)
    weights = _weights(top["weights"], "weights")
    modes = frozenset(travel.rule.modes if travel.rule else travel.matrix or {})
    volunteers = each(top["volunteers"], "volunteers", MAX_VOLUNTEERS, lambda v, p: _volunteer(v, p, count, modes))
    requests = each(top["requests"], "requests", MAX_REQUESTS, lambda r, p: _request(r, p, count, weights))
    _unique([v.id for v in volunteers], "volunteers[{}].id")
    _unique([r.id for r in requests], "requests[{}].id")
    _unique_shifts(volunteers)
    promises = parse_promises(top.get("promises", []), volunteers, requests, MAX_PROMISES)
    standing = parse_standing(top.get("standing", []), volunteers, requests, MAX_PROMISES)
    return Problem(travel, weights, volunteers, requests, promises, xy, lat_lon, unit, step, standing)


def _unique(ids: list[str], path: str) -> None:
    seen: set[str] = set()
    for index, each_id in enumerate(ids):
        if each_id in seen:
            raise ProblemError(path.format(index), f"{strict.shown(each_id)} is used twice")
        seen.add(each_id)


def _unique_shifts(volunteers: tuple[Volunteer, ...]) -> None:
    seen: set[str] = set()
    for v, volunteer in enumerate(volunteers):
        for s, shift in enumerate(volunteer.shifts):
            if shift.id in seen:
                raise ProblemError(f"volunteers[{v}].shifts[{s}].id", f"{strict.shown(shift.id)} is used twice")
            seen.add(shift.id)


def _weights(value: object, path: str) -> Weights:
    plain = (
        "travel",
        "day_waited",
        "continuity",
        "preferred",
        "kth_visit_in_week",
        "over_wish",
        "first_visit",
        "stability",
    )
    data = fields(value, path, (), ("priority", "scarcity", *plain))
    numbers = {key: integer(data[key], f"{path}.{key}", 0, POINTS) for key in plain if key in data}
    return Weights(
        priority=_points(data.get("priority", {}), f"{path}.priority"),
        scarcity=_points(data.get("scarcity", {}), f"{path}.scarcity"),
        **numbers,
    )


def _points(value: object, path: str) -> Mapping[str, int]:
    return {key: integer(v, f"{path}.{key}", 0, POINTS) for key, v in mapping(value, path).items()}


def _done(value: object, path: str) -> Mapping[int, int]:
    result: dict[int, int] = {}
    for key, visits in mapping(value, path).items():
        if not _WEEK.fullmatch(key):
            raise ProblemError(f"{path}.{key}", "must be the number of a week")
        result[int(key)] = integer(visits, f"{path}.{key}", 0, VISITS)
    return result


def _volunteer(value: object, path: str, places: int, modes: frozenset[str]) -> Volunteer:
    optional = ("wish_per_week", "done", "max_leg", "max_travel_per_shift", "idle")
    required = ("id", "home", "mode", "skills", "languages", "max_visits_per_week", "shifts")
    data = fields(value, path, required, optional)
    mode = text(data["mode"], f"{path}.mode")
    if mode not in modes:
        raise ProblemError(f"{path}.mode", f"{strict.shown(mode)} has no travel times in travel")
    limits = {
        key: integer(data[key], f"{path}.{key}", 0, top)
        for key, top in (("wish_per_week", VISITS), ("max_leg", INSTANT), ("max_travel_per_shift", INSTANT))
        if key in data
    }
    return Volunteer(
        id=text(data["id"], f"{path}.id"),
        home=check_place(data["home"], f"{path}.home", places),
        mode=mode,
        skills=frozenset(texts(data["skills"], f"{path}.skills")),
        languages=frozenset(texts(data["languages"], f"{path}.languages")),
        max_visits_per_week=integer(data["max_visits_per_week"], f"{path}.max_visits_per_week", 0, VISITS),
        shifts=parse_shifts(data["shifts"], f"{path}.shifts", places),
        done=_done(data.get("done", {}), f"{path}.done"),
        idle=flag(data.get("idle", False), f"{path}.idle"),
        **limits,
    )


def parse_shifts(value: object, path: str, places: int) -> tuple[Shift, ...]:
    """The shifts of one volunteer, which do not overlap; `places` is how many places there are."""
    shifts = each(value, path, MAX_SHIFTS, lambda s, p: _shift(s, p, places))
    in_time = sorted(range(len(shifts)), key=lambda i: (shifts[i].start, shifts[i].end, i))
    for before, after in pairwise(in_time):
        if shifts[after].start < shifts[before].end:
            raise ProblemError(f"{path}[{after}]", f"overlaps {path}[{before}] of the same volunteer")
    return shifts


def _shift(value: object, path: str, places: int) -> Shift:
    data = fields(value, path, ("id", "start", "end", "week", "day"), ("from_place", "to_place", "closed"))
    numbers = {key: integer(data[key], f"{path}.{key}", -INSTANT, INSTANT) for key in ("start", "end", "week", "day")}
    if numbers["end"] < numbers["start"]:
        raise ProblemError(f"{path}.end", f"({numbers['end']}) is before the start ({numbers['start']})")
    ends = {key: check_place(data[key], f"{path}.{key}", places) for key in ("from_place", "to_place") if key in data}
    closed = flag(data.get("closed", False), f"{path}.closed")
    return Shift(text(data["id"], f"{path}.id"), **numbers, closed=closed, **ends)


def _request(value: object, path: str, places: int, weights: Weights) -> Request:
    required = ("id", "skills", "language", "duration", "windows", "released_day")
    optional = ("kind", "place", "end_place", "prize", "priority", "team", "preferred", "blocked", "earlier")
    data = fields(value, path, required, optional)
    kind = text(data.get("kind", HOME_VISIT), f"{path}.kind")
    if kind not in KINDS:
        raise ProblemError(f"{path}.kind", f"must be one of {', '.join(KINDS)}, not {strict.shown(kind)}")
    team = integer(data.get("team", 1), f"{path}.team", 1, 2)
    if kind == PHONE_HELP and team != 1:
        raise ProblemError(f"{path}.team", "must be 1 for PHONE_HELP")
    prize, priority = _prize(data, path, weights)
    earlier = data.get("earlier")
    return Request(
        id=text(data["id"], f"{path}.id"),
        kind=kind,
        place=_place(data, path, "place", places, wanted=kind != PHONE_HELP, kind=kind),
        end_place=_place(data, path, "end_place", places, wanted=kind == ESCORT, kind=kind),
        skills=frozenset(texts(data["skills"], f"{path}.skills")),
        language=text(data["language"], f"{path}.language"),
        duration=integer(data["duration"], f"{path}.duration", 1, INSTANT),
        windows=each(data["windows"], f"{path}.windows", MAX_WINDOWS, strict.span),
        prize=prize,
        released_day=integer(data["released_day"], f"{path}.released_day", -INSTANT, INSTANT),
        team=team,
        preferred=frozenset(texts(data.get("preferred", []), f"{path}.preferred")),
        blocked=frozenset(texts(data.get("blocked", []), f"{path}.blocked")),
        earlier=None if earlier is None else text(earlier, f"{path}.earlier"),
        priority=priority,
    )


def _place(data: Mapping[str, object], path: str, key: str, places: int, *, wanted: bool, kind: str) -> int | None:
    if key in data and not wanted:
        raise ProblemError(f"{path}.{key}", f"has no meaning for {kind}")
    if not wanted:
        return None
    if key not in data:
        raise ProblemError(f"{path}.{key}", "is missing")
    return check_place(data[key], f"{path}.{key}", places)


def _prize(data: Mapping[str, object], path: str, weights: Weights) -> tuple[int, int | None]:
    priority = integer(data["priority"], f"{path}.priority", -INSTANT, INSTANT) if "priority" in data else None
    if "prize" in data:
        return integer(data["prize"], f"{path}.prize", 0, POINTS), priority
    if priority is None:
        raise ProblemError(f"{path}.priority", "is missing, and so is prize: one of them is needed")
    if str(priority) not in weights.priority:
        raise ProblemError(f"{path}.priority", f"{priority} stands not in weights.priority")
    return weights.priority[str(priority)], priority
