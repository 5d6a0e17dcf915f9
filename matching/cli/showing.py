"""Long work shows progress: a line that is written over once a second, or lines for a file or a program."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from matching.progress import Progress, Reached

EVERY = 1.0
LINES, JSON_LINES = "lines", "json"
# Writes over what stands in the line, to its end.
_ANEW, _REST = "\r", "\x1b[K"


def add_progress(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--progress",
        nargs="?",
        const=LINES,
        choices=(LINES, JSON_LINES),
        help="say once a second how far it is, also where the standard error output is no terminal",
    )


@contextmanager
def shown(options: argparse.Namespace, began: float) -> Iterator[Progress]:
    """What the engine tells, shown while the block runs: on a terminal, or as --progress asks. Once more at its end."""
    progress = Progress()
    terminal = sys.stderr.isatty() and options.progress != JSON_LINES
    if options.progress is None and not terminal:
        yield progress
        return

    def say() -> None:
        _say(progress.reached(), time.monotonic() - began, options.progress == JSON_LINES, terminal)

    done = threading.Event()

    def tick() -> None:
        while not done.wait(EVERY):
            say()

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield progress
    finally:
        done.set()
        ticker.join()
    say()
    if terminal:
        print(file=sys.stderr, flush=True)


def _say(reached: Reached, seconds: float, as_json: bool, over: bool) -> None:
    if as_json:
        line = json.dumps(reached.dump() | {"seconds": round(seconds, 1)})
    else:
        line = f"matching: {sentence(reached, seconds)}"
    before, after, end = (_ANEW, _REST, "") if over else ("", "", "\n")
    print(f"{before}{line}{after}", end=end, file=sys.stderr, flush=True)


def sentence(reached: Reached, seconds: float) -> str:
    """`parts, 812 of 1,000 served, 402,118 points, gap 1.24 %, 14 s`; before the first plan only phase and time."""
    said = [reached.phase]
    if reached.requests:
        said += [f"{reached.served:,} of {reached.requests:,} served", f"{reached.total:,} points"]
    if reached.gap is not None:
        said.append(f"gap {reached.gap:.2%}".replace("%", " %"))
    return ", ".join([*said, f"{seconds:.0f} s"])
