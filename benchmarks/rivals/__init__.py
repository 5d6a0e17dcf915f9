"""Other ways to make a plan: what a coordinator does today, a simple rule, and three routing programs.

Each module has `plan(problem, seconds) -> Plan`, where `seconds` is the CPU time its search may take; loading
libraries, building a model and mending the answer are not counted. They are named here and imported only when
asked for: not every environment has every library, and some cannot share a process.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from matching.format import Plan, Problem

RIVALS = ("first_come", "greedy", "ortools_routing", "pyvrp", "vroom")


class Rival(Protocol):
    """A module of this package."""

    def plan(self, problem: Problem, seconds: float) -> Plan: ...


def rival(name: str) -> Rival:
    """The module of that name; ImportError where its library is not installed."""
    if name not in RIVALS:
        raise ValueError(f"{name} is none of {', '.join(RIVALS)}")
    return cast(Rival, import_module(f"benchmarks.rivals.{name}"))
