"""`plan.json`: types, reading (unknown keys are ignored) and writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

from matching.format.strict import INSTANT, ProblemError, each, integer, number, shown, text, texts

FORMAT = "hvsp-plan/1"
REASONS = (
    "nobody_certified",
    "nobody_speaks",
    "all_blocked",
    "too_far",
    "no_common_hours",
    "limits_reached",
    "no_pair",
    "not_worth",
    "taken_by_others",
)
STATUSES = ("optimal", "feasible", "time_limit")
TERMS = ("served", "travel", "waiting", "continuity", "preferred", "fairness", "scarcity")
_ANY = 2**63 - 1
_MANY = 10**6

Why = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Visit:
    """`shifts[i]` is a shift of `volunteers[i]`; `why` (not judged) says what speaks for these people."""

    request: str
    volunteers: tuple[str, ...]
    shifts: tuple[str, ...]
    start: int
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """Who is nearest to be able, of a team both, and what it would `take` (not judged): codes with figures."""

    volunteers: tuple[str, ...]
    takes: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Unserved:
    """`people` is the key `with`: those whom the reason is about. `nearest`: at most three, the easiest first."""

    request: str
    reason: str
    people: tuple[str, ...]
    nearest: tuple[Nearest, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """Points by term; costs are negative, `total` is the sum of the others. `stability` is 0 where nothing stands."""

    total: int
    served: int
    travel: int
    waiting: int
    continuity: int
    preferred: int
    fairness: int
    scarcity: int
    stability: int = 0

    def terms(self) -> dict[str, int]:
        """Terms by name in the order of the format; `stability` only where it is not 0."""
        return {key: points for key, points in asdict(self).items() if points or key != "stability"}


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer, with the claim how good it is."""

    visits: tuple[Visit, ...]
    unserved: tuple[Unserved, ...]
    promise_conflicts: tuple[str, ...]
    objective: Objective
    bound: int | None = None
    gap: float | None = None
    status: str = "feasible"
    seconds: float = 0.0
    seed: int = 0


def parse_plan(data: object) -> Plan:
    """The plan of a decoded JSON value; `ProblemError` names the first field that cannot be read."""
    top = _known(data, "", ("format", "visits", "unserved", "promise_conflicts", "objective"))
    if top["format"] != FORMAT:
        raise ProblemError("format", f'must be "{FORMAT}", not {shown(top["format"])}')
    bound, gap, status = top.get("bound"), top.get("gap"), text(top.get("status", "feasible"), "status")
    if status not in STATUSES:
        raise ProblemError("status", f"must be one of {', '.join(STATUSES)}, not {shown(status)}")
    return Plan(
        visits=each(top["visits"], "visits", _MANY, _visit),
        unserved=each(top["unserved"], "unserved", _MANY, _unserved),
        promise_conflicts=texts(top["promise_conflicts"], "promise_conflicts", _MANY),
        objective=_objective(top["objective"], "objective"),
        bound=None if bound is None else integer(bound, "bound", -_ANY, _ANY),
        gap=None if gap is None else number(gap, "gap", -1e18, 1e18),
        status=status,
        seconds=number(top.get("seconds", 0), "seconds", 0, 1e9),
        seed=integer(top.get("seed", 0), "seed", -_ANY, _ANY),
    )


def _known(value: object, path: str, required: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ProblemError(path or "plan", f"must be an object, not {shown(value)}")
    for key in required:
        if key not in value:
            raise ProblemError(f"{path}.{key}" if path else key, "is missing")
    return value


def _visit(value: object, path: str) -> Visit:
    data = _known(value, path, ("request", "volunteers", "shifts", "start"))
    return Visit(
        text(data["request"], f"{path}.request"),
        texts(data["volunteers"], f"{path}.volunteers"),
        texts(data["shifts"], f"{path}.shifts"),
        integer(data["start"], f"{path}.start", -INSTANT, INSTANT),
        _said(data.get("why")),
    )


def _said(value: object) -> tuple[Why, ...]:
    """What is only said, and judged by nobody."""
    return tuple(cast(Why, one) for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _unserved(value: object, path: str) -> Unserved:
    data = _known(value, path, ("request", "reason", "with"))
    reason = text(data["reason"], f"{path}.reason")
    if reason not in REASONS:
        raise ProblemError(f"{path}.reason", f"{shown(reason)} is no known reason")
    people = texts(data["with"], f"{path}.with")
    return Unserved(text(data["request"], f"{path}.request"), reason, people, _nearest(data.get("nearest")))


def _nearest(value: object) -> tuple[Nearest, ...]:
    found = []
    for one in value if isinstance(value, list) else ():
        people = one.get("volunteers") if isinstance(one, dict) else None
        if isinstance(people, list) and all(isinstance(name, str) for name in people):
            found.append(Nearest(tuple(people), _said(one.get("takes"))))
    return tuple(found)


def _objective(value: object, path: str) -> Objective:
    data = {"stability": 0, **_known(value, path, ("total", *TERMS))}
    keys = ("total", *TERMS, "stability")
    return Objective(**{key: integer(data[key], f"{path}.{key}", -_ANY, _ANY) for key in keys})


def dump_plan(plan: Plan) -> dict[str, object]:
    """The JSON value of a plan, keys in the order of the format."""
    return {
        "format": FORMAT,
        "visits": [_dump_visit(visit) for visit in plan.visits],
        "unserved": [_dump_unserved(entry) for entry in plan.unserved],
        "promise_conflicts": list(plan.promise_conflicts),
        "objective": plan.objective.terms(),
        "bound": plan.bound,
        "gap": plan.gap,
        "status": plan.status,
        "seconds": plan.seconds,
        "seed": plan.seed,
    }


def _dump_unserved(entry: Unserved) -> dict[str, object]:
    data: dict[str, object] = {"request": entry.request, "reason": entry.reason, "with": list(entry.people)}
    if entry.nearest:
        data["nearest"] = [
            {"volunteers": list(one.volunteers), "takes": [dict(step) for step in one.takes]} for one in entry.nearest
        ]
    return data


def _dump_visit(visit: Visit) -> dict[str, object]:
    data: dict[str, object] = {
        "request": visit.request,
        "volunteers": list(visit.volunteers),
        "shifts": list(visit.shifts),
        "start": visit.start,
    }
    if visit.why:
        data["why"] = [dict(why) for why in visit.why]
    return data
