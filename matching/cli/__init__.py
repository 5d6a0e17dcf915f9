"""The command line. Exit 0: done; 1: `check` or `insert` found what they say; 2: wrong input; 3: our own fault."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from importlib import import_module

from matching.files import InputError

__all__ = ["main"]

# Command → its module, imported when it is called: to judge a plan neither NumPy nor the kernels are loaded.
MODULES = {
    **{"solve": "plans", "check": "judge"},
    **{"candidates": "seats", "insert": "seats", "repair": "seats"},
    **{"split": "regions", "join": "regions", "advise": "advice", "generate": "tools", "compile": "tools"},
}


def main(arguments: Sequence[str], began: float | None = None) -> int:
    """Run one command; `began` is the instant of the monotonic clock from which --seconds counts."""
    options = _parser(arguments).parse_args(arguments)
    try:
        return int(options.run(options, time.monotonic() if began is None else began))
    except InputError as error:
        print(f"matching: {error}", file=sys.stderr)
        return 2


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that is called; of all where it is none, to list them."""
    parser = argparse.ArgumentParser(prog="matching", description="Plans the visits of volunteers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    called = MODULES.get(arguments[0]) if arguments else None
    for name in dict.fromkeys(MODULES.values() if called is None else [called]):
        import_module(f"matching.cli.{name}").add_commands(commands)
    return parser
