"""`check`."""

from __future__ import annotations

import argparse

from matching.check import check
from matching.cli.arguments import add_files
from matching.files import load_plan, load_problem


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("check", help="judge a plan; exit 1 on any violation")
    add_files(one)
    one.set_defaults(run=_check)


def _check(options: argparse.Namespace, began: float) -> int:
    report = check(load_problem(options.problem), load_plan(options.plan))
    for violation in report.violations:
        print(f"{violation.code}: {violation.text}")
    print(f"violations: {len(report.violations)}")
    for term, points in report.objective.terms().items():
        print(f"{term}: {points}")
    return 0 if report.legal else 1
