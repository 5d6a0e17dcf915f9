"""The shapes of `problem.json` and `plan.json`: types, strict reading, writing."""

from matching.format.model import (
    KINDS,
    Mode,
    Problem,
    Promise,
    Request,
    Shift,
    Standing,
    Travel,
    TravelRule,
    Volunteer,
    Weights,
)
from matching.format.plan import REASONS, STATUSES, Objective, Plan, Unserved, Visit, dump_plan, parse_plan
from matching.format.problem import parse_problem
from matching.format.strict import ProblemError, read_json
from matching.format.write import dump_problem

__all__ = [
    "KINDS",
    "REASONS",
    "STATUSES",
    "Mode",
    "Objective",
    "Plan",
    "Problem",
    "ProblemError",
    "Promise",
    "Request",
    "Shift",
    "Standing",
    "Travel",
    "TravelRule",
    "Unserved",
    "Visit",
    "Volunteer",
    "Weights",
    "dump_plan",
    "dump_problem",
    "parse_plan",
    "parse_problem",
    "read_json",
]
