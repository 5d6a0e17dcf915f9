"""A first plan that leaves something to do: every other request is visited more than a week later than need be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matching.format import dump_plan, parse_plan, parse_problem
from matching.parts import valued

Json = dict[str, Any]
LATE = 9


def poor(solve: Callable[..., Json]) -> Callable[..., Json]:
    """The solver, which does half its work where it begins from nothing."""

    def half(problem: Json, **more: Any) -> Json:
        return solve(problem, **more) if more.get("start") else _late(problem, solve, **more)

    return half


def _late(problem: Json, solve: Callable[..., Json], **more: Any) -> Json:
    """A plan of the problem in which they come late, which is a worse one of the problem itself."""
    promised = {promise["request"] for promise in problem["promises"]}
    new = [row["id"] for row in problem["requests"] if row["id"] not in promised]
    late = set(new[1::2])
    rows = [{**row, "released_day": LATE} if row["id"] in late else row for row in problem["requests"]]
    made = parse_plan(solve({**problem, "requests": rows}, **more))
    return dump_plan(valued(parse_problem(problem), made))
