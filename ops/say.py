"""What the person at the terminal reads: one line, Bulgarian first, then English."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """Something the person can mend. One clear sentence in each language; the command exits with 1."""

    def __init__(self, bg: str, en: str, detail: str = "") -> None:
        super().__init__(f"{bg} / {en}")
        self.detail = detail


def say(bg: str, en: str = "") -> None:
    print(f"{bg} / {en}" if en else bg, flush=True)


def complain(trouble: Trouble) -> None:
    print(trouble, file=sys.stderr, flush=True)
    if trouble.detail:
        print(trouble.detail.rstrip(), file=sys.stderr, flush=True)


def done(bg: str, en: str, seconds: float) -> None:
    """The line of a step that has ended."""
    say(f"  {seconds:5.1f} s  {bg}", en)


@contextmanager
def step(bg: str, en: str) -> Iterator[None]:
    """Print one line with its seconds when the step is over."""
    started = time.monotonic()
    if sys.stdout.isatty():
        print(f"     …     {bg} / {en}", end="\r", flush=True)
    yield
    done(bg, en, time.monotonic() - started)
