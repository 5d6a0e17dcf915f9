"""Writing a problem: the JSON value that `parse_problem` reads back as equal."""

from __future__ import annotations

from dataclasses import asdict

from matching.format.model import ESCORT, PHONE_HELP, Problem, Promise, Request, Shift, Volunteer


def dump_problem(problem: Problem) -> dict[str, object]:
    """A JSON value; defaults are left out where the format allows it."""
    data: dict[str, object] = {"format": "hvsp/1", "time_unit": problem.time_unit}
    if problem.start_step != 1:
        data["start_step"] = problem.start_step
    if problem.xy_km is not None:
        data["places"] = {"xy_km": [list(point) for point in problem.xy_km]}
    elif problem.lat_lon is not None:
        data["places"] = {"lat_lon": [list(point) for point in problem.lat_lon]}
    data["travel"] = _travel(problem)
    weights = asdict(problem.weights)
    if not problem.weights.stability:
        del weights["stability"]
    data["weights"] = weights
    data["volunteers"] = [_volunteer(v) for v in problem.volunteers]
    data["requests"] = [_request(r) for r in problem.requests]
    if problem.promises:
        data["promises"] = [_promise(p) for p in problem.promises]
    if problem.standing:
        data["standing"] = [_promise(s) for s in problem.standing]
    return data


def _travel(problem: Problem) -> dict[str, object]:
    rule, matrix = problem.travel.rule, problem.travel.matrix
    if rule is not None:
        modes = {name: {"kmh": mode.kmh, "fixed": mode.fixed} for name, mode in rule.modes.items()}
        return {"rule": {"detour": rule.detour, "same_place": rule.same_place, "modes": modes}}
    return {"matrix": {mode: [list(row) for row in table] for mode, table in (matrix or {}).items()}}


def _volunteer(volunteer: Volunteer) -> dict[str, object]:
    data: dict[str, object] = {
        "id": volunteer.id,
        "home": volunteer.home,
        "mode": volunteer.mode,
        "skills": sorted(volunteer.skills),
        "languages": sorted(volunteer.languages),
        "max_visits_per_week": volunteer.max_visits_per_week,
        "shifts": [_shift(s) for s in volunteer.shifts],
    }
    for key in ("wish_per_week", "max_leg", "max_travel_per_shift"):
        if getattr(volunteer, key) is not None:
            data[key] = getattr(volunteer, key)
    if volunteer.done:
        data["done"] = {str(week): visits for week, visits in volunteer.done.items()}
    if volunteer.idle:
        data["idle"] = True
    return data


def _shift(shift: Shift) -> dict[str, object]:
    data: dict[str, object] = {
        "id": shift.id,
        "start": shift.start,
        "end": shift.end,
        "week": shift.week,
        "day": shift.day,
    }
    if shift.from_place is not None:
        data["from_place"] = shift.from_place
    if shift.to_place is not None:
        data["to_place"] = shift.to_place
    if shift.closed:
        data["closed"] = True
    return data


def _request(request: Request) -> dict[str, object]:
    data: dict[str, object] = {
        "id": request.id,
        "kind": request.kind,
        "skills": sorted(request.skills),
        "language": request.language,
        "duration": request.duration,
        "windows": [list(window) for window in request.windows],
        "prize": request.prize,
        "released_day": request.released_day,
        "team": request.team,
        "preferred": sorted(request.preferred),
        "blocked": sorted(request.blocked),
        "earlier": request.earlier,
    }
    if request.kind != PHONE_HELP:
        data["place"] = request.place
    if request.kind == ESCORT:
        data["end_place"] = request.end_place
    if request.priority is not None:
        data["priority"] = request.priority
    return data


def _promise(promise: Promise) -> dict[str, object]:
    return {
        "request": promise.request,
        "volunteers": list(promise.volunteers),
        "shifts": list(promise.shifts),
        "start": promise.start,
    }
