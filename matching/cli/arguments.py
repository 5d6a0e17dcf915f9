"""What several commands ask for: numbers within their range, a limit of time or steps, the two files."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from matching.check import check
from matching.files import InputError, load_plan, load_problem
from matching.format import Plan, Problem
from matching.stop import Either, Iterations, Seconds, Stop

# Time kept back for the last pass, the check and the file.
RESERVE_SHARE, MOST_RESERVE = 0.1, 0.5


def seconds(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError("must be a number of seconds, 0 or more")
    return value


def count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return value


def workers(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 2:
        raise argparse.ArgumentTypeError("must be 1 or 2")
    return value


def days(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError("must lie within 1…1000")
    return value


def seed(text: str) -> int:
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise argparse.ArgumentTypeError("must fit 64 bits")
    return value


def add_limits(parser: argparse.ArgumentParser, default: float) -> None:
    """--seconds, --iterations and --seed of a command that searches."""
    parser.add_argument("--seconds", type=seconds, help=f"wall time from the start (default {default:g})")
    parser.add_argument("--iterations", type=count, help="steps of the search; alone it makes plans repeatable")
    parser.add_argument("--seed", type=seed, default=1)


def limits(options: argparse.Namespace, began: float, default: float) -> tuple[Stop, Seconds | None]:
    """The stop rule of these options, and its clock where it has one; `default` seconds where neither is given."""
    allowed, rules = options.seconds, list[Stop]()
    if allowed is None and options.iterations is None:
        allowed = default
    clock = None
    if allowed is not None:
        clock = Seconds(allowed - min(MOST_RESERVE, allowed * RESERVE_SHARE), began)
        rules.append(clock)
    if options.iterations is not None:
        rules.append(Iterations(options.iterations))
    return Either(*rules), clock


def add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path)
    parser.add_argument("plan", type=Path)


def legal_files(options: argparse.Namespace) -> tuple[Problem, Plan]:
    """The problem and a plan of it that breaks no rule; --request, where it is given, is one of the problem's."""
    problem, plan = load_problem(options.problem), load_plan(options.plan)
    request = getattr(options, "request", None)
    if request is not None and request not in {each.id for each in problem.requests}:
        raise InputError(f"--request: {request} is no request of this problem")
    _need_legal(problem, plan, options.plan)
    return problem, plan


def legal_plan(problem: Problem, path: Path) -> Plan:
    """A plan of this problem that breaks no rule."""
    plan = load_plan(path)
    _need_legal(problem, plan, path)
    return plan


def _need_legal(problem: Problem, plan: Plan, path: Path) -> None:
    if not check(problem, plan).legal:
        raise InputError(f"{path}: the plan breaks a rule, `check` says which")
