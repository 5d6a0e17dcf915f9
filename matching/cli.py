"""The command line. Exit 0: done; 1: `check` found violations; 2: wrong input; 3: our own fault."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from matching.candidates import rank
from matching.check import check
from matching.files import InputError, load_plan, load_problem, prepare_output, write_json
from matching.format import Plan, dump_plan, dump_problem
from matching.generate import generate
from matching.solve import solve
from matching.stop import Either, Iterations, Seconds, Stop

SECONDS = 10.0
# Time kept back for the last pass, the check and the file.
RESERVE_SHARE, MOST_RESERVE = 0.1, 0.5


def main(arguments: Sequence[str], began: float | None = None) -> int:
    """Run one command; `began` is the instant of the monotonic clock from which --seconds counts."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options, time.monotonic() if began is None else began))
    except InputError as error:
        print(f"matching: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="matching", description="Plans the visits of volunteers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("solve", help="make a plan for a problem")
    one.add_argument("problem", type=Path)
    one.add_argument("-o", "--output", type=Path, required=True, help="where to write the plan")
    one.add_argument("--seconds", type=_seconds, help=f"wall time from the start (default {SECONDS:g})")
    one.add_argument("--iterations", type=_count, help="steps of the search; alone it makes plans repeatable")
    one.add_argument("--seed", type=_seed, default=1)
    one.set_defaults(run=_solve)
    two = commands.add_parser("check", help="judge a plan; exit 1 on any violation")
    two.add_argument("problem", type=Path)
    two.add_argument("plan", type=Path)
    two.set_defaults(run=_check)
    three = commands.add_parser("candidates", help="who could take a request, best first, as JSON")
    three.add_argument("problem", type=Path)
    three.add_argument("plan", type=Path)
    three.add_argument("--request", required=True, metavar="ID")
    three.set_defaults(run=_candidates)
    four = commands.add_parser("generate", help="invent a problem")
    four.add_argument("--requests", type=_count, required=True)
    four.add_argument("--volunteers", type=_count, required=True)
    four.add_argument("--days", type=_days, required=True)
    four.add_argument("--seed", type=_seed, default=1)
    four.add_argument("--radomir", action="store_true", help="on the real settlements of Radomir")
    four.add_argument("-o", "--output", type=Path, help="default: standard output")
    four.set_defaults(run=_generate)
    return parser


def _seconds(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError("must be a number of seconds, 0 or more")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return value


def _days(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError("must lie within 1…1000")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise argparse.ArgumentTypeError("must fit 64 bits")
    return value


def _solve(options: argparse.Namespace, began: float) -> int:
    problem = load_problem(options.problem)
    prepare_output(options.output)
    seconds, rules = options.seconds, list[Stop]()
    if seconds is None and options.iterations is None:
        seconds = SECONDS
    clock = None
    if seconds is not None:
        clock = Seconds(seconds - min(MOST_RESERVE, seconds * RESERVE_SHARE), began)
        rules.append(clock)
    if options.iterations is not None:
        rules.append(Iterations(options.iterations))
    plan = solve(problem, Either(*rules), options.seed).plan
    late = clock is not None and clock.struck and plan.status == "feasible"
    plan = _with_facts(plan, began, "time_limit" if late else plan.status)
    report = check(problem, plan)
    if not report.legal:
        for violation in report.violations:
            print(f"{violation.code}: {violation.text}", file=sys.stderr)
        print("matching: the plan did not pass its own check and was not written", file=sys.stderr)
        return 3
    write_json(options.output, dump_plan(plan))
    return 0


def _with_facts(plan: Plan, began: float, status: str) -> Plan:
    fields = {name: getattr(plan, name) for name in Plan.__slots__}
    return Plan(**{**fields, "status": status, "seconds": round(time.monotonic() - began, 3)})


def _check(options: argparse.Namespace, began: float) -> int:
    report = check(load_problem(options.problem), load_plan(options.plan))
    for violation in report.violations:
        print(f"{violation.code}: {violation.text}")
    print(f"violations: {len(report.violations)}")
    for term, points in asdict(report.objective).items():
        print(f"{term}: {points}")
    return 0 if report.legal else 1


def _candidates(options: argparse.Namespace, began: float) -> int:
    problem, plan = load_problem(options.problem), load_plan(options.plan)
    if options.request not in {request.id for request in problem.requests}:
        raise InputError(f"--request: {options.request} is no request of this problem")
    if not check(problem, plan).legal:
        raise InputError(f"{options.plan}: the plan breaks a rule, `check` says which")
    ranked = [asdict(candidate) for candidate in rank(problem, plan, options.request)]
    print(json.dumps(ranked, indent=1))
    return 0


def _generate(options: argparse.Namespace, began: float) -> int:
    problem = generate(options.requests, options.volunteers, options.days, options.seed, options.radomir)
    data = dump_problem(problem)
    if options.output is None:
        print(json.dumps(data))
    else:
        prepare_output(options.output)
        write_json(options.output, data)
    return 0
