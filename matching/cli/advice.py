"""`advise`: what would let more requests be served."""

from __future__ import annotations

import argparse
import json
import sys
import time

from matching.advise import MOST, Told, advise, dump_advice
from matching.cli.arguments import add_files, add_limits, count, legal_files, limits
from matching.exact.warm import warm

SECONDS = 30.0


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("advise", help="whom or what one more would serve most, as JSON")
    add_files(one)
    one.add_argument("--most", type=count, default=MOST, help=f"how many (default {MOST})")
    add_limits(one, SECONDS)
    one.set_defaults(run=_advise)


def _advise(options: argparse.Namespace, began: float) -> int:
    problem, plan = legal_files(options)
    # The time to look does not shrink because this machine has never planned before.
    began += warm()
    stop, _ = limits(options, began, SECONDS)
    found = advise(problem, plan, stop, options.seed, options.most, _teller(began))
    print(json.dumps(dump_advice(found), indent=1))
    return 0


def _teller(began: float) -> Told | None:
    """One line that is written over and over; nothing where nobody looks."""
    if not sys.stderr.isatty():
        return None

    def told(tried: int, of: int, found: int) -> None:
        seconds = time.monotonic() - began
        end = "\n" if tried == of else ""
        line = f"\rmatching: {tried} of {of} looked at, {found} would help, {seconds:.0f} s "
        print(line, end=end, file=sys.stderr, flush=True)

    return told
