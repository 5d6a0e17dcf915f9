"""The command line. Exit 0: done; 1: `check` or `insert` found what they say; 2: wrong input; 3: our own fault."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from matching.cli import advice, plans, regions, seats, tools
from matching.files import InputError

__all__ = ["main"]


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
    plans.add_commands(commands)
    seats.add_commands(commands)
    regions.add_commands(commands)
    advice.add_commands(commands)
    tools.add_commands(commands)
    return parser
