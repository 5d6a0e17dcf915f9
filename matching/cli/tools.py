"""`generate` and `compile`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from matching.cli.arguments import count, days, seed
from matching.exact.warm import warm, warm_seats
from matching.files import prepare_output, write_json
from matching.format import dump_problem
from matching.generate import generate


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("generate", help="invent a problem")
    one.add_argument("--requests", type=count, required=True)
    one.add_argument("--volunteers", type=count, required=True)
    one.add_argument("--days", type=days, required=True)
    one.add_argument("--seed", type=seed, default=1)
    one.add_argument("--radomir", action="store_true", help="on the real settlements of Radomir")
    one.add_argument("-o", "--output", type=Path, help="default: standard output")
    one.set_defaults(run=_generate)
    two = commands.add_parser("compile", help="compile the kernels now, rather than at the first plan")
    two.set_defaults(run=_compile)


def _compile(options: argparse.Namespace, began: float) -> int:
    warm()
    warm_seats()
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
