"""How large a proof runs: reduced in every test run, full with `./run test --full`."""

from __future__ import annotations

import json
import os
import sys
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("PROOFS_FULL") == "1"


def size(reduced: int, full: int, what: str = "size") -> int:
    """The number to prove with. `what` names it in docs/proofs.md, for example "threads" or "rounds"."""
    value = full if FULL else reduced
    if path := os.environ.get("PROOFS_LOG"):
        where = sys._getframe(1).f_globals.get("__name__", "?")
        with open(path, "a", encoding="utf-8") as log:
            log.write(json.dumps({"where": where, "what": what, "value": value}) + "\n")
    return value


def looks(reduced: list[T], full: list[T]) -> list[T]:
    """In which windows, colours and languages a page is looked at; the reduced ones see each of them once."""
    return full if FULL else reduced


def turn(number: int, window: int, windows: int = 2) -> bool:
    """Whether the costly inspection of the page with this number is this window's: reduced, each page has one."""
    return FULL or number % windows == window % windows
