"""`solve`."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from matching.carry import carried
from matching.check import check
from matching.cli.arguments import add_limits, legal_plan, limits, workers
from matching.cli.showing import add_progress, shown
from matching.exact.warm import warm
from matching.files import load_plan, load_problem, prepare_output, write_json
from matching.format import Plan, Problem, dump_plan
from matching.solve import solve
from matching.stop import Seconds

SECONDS = 10.0


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("solve", help="make a plan for a problem")
    one.add_argument("problem", type=Path)
    one.add_argument("-o", "--output", type=Path, required=True, help="where to write the plan")
    begin = one.add_mutually_exclusive_group()
    begin.add_argument("--start", type=Path, metavar="PLAN", help="a legal plan of this problem to go on from")
    begin.add_argument(
        "--earlier", type=Path, metavar="PLAN", help="a plan from before the problem changed: what of it is still legal"
    )
    one.add_argument("--workers", type=workers, default=1, help="processes for a problem of thousands (1 or 2)")
    add_limits(one, SECONDS)
    add_progress(one)
    one.set_defaults(run=_solve)


def _solve(options: argparse.Namespace, began: float) -> int:
    problem = load_problem(options.problem)
    start = None if options.start is None else legal_plan(problem, options.start)
    prepare_output(options.output)
    # The time to plan in does not shrink because this machine has never planned before.
    began += warm()
    stop, clock = limits(options, began, SECONDS)
    if options.earlier is not None:
        start = carried(problem, load_plan(options.earlier).visits)
    with shown(options, began) as progress:
        found = solve(problem, stop, options.seed, start, options.workers, progress)
    plan = finished(found.plan, began, clock)
    if not passes(problem, plan):
        return 3
    write_json(options.output, dump_plan(plan))
    return 0


def finished(plan: Plan, began: float, clock: Seconds | None) -> Plan:
    """The plan with what it took, and whether the clock ended it."""
    late = clock is not None and clock.struck and plan.status == "feasible"
    status = "time_limit" if late else plan.status
    return replace(plan, status=status, seconds=round(time.monotonic() - began, 3))


def passes(problem: Problem, plan: Plan) -> bool:
    """Whether our own plan passes our own check; if not, why is said."""
    report = check(problem, plan)
    for violation in report.violations:
        print(f"{violation.code}: {violation.text}", file=sys.stderr)
    if not report.legal:
        print("matching: the plan did not pass its own check and was not written", file=sys.stderr)
    return report.legal
