"""Which people's records were opened while one page or call was answered.

The doors to personal rows note it here; the middleware of `requests` writes it down once the answer is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Opened:
    """The row that was opened, whom it tells of, and where they live. Keys only."""

    kind: str
    key: Any
    person: Any
    settlement: str


_noted: ContextVar[set[Opened] | None] = ContextVar("opened", default=None)


def note(kind: str, key: Any, *, person: Any, settlement: str) -> None:
    """Somebody is being shown this row. Outside of a page or a call nothing is collected."""
    noted = _noted.get()
    if noted is not None:
        noted.add(Opened(kind, key, person, settlement))


@contextmanager
def collecting() -> Iterator[set[Opened]]:
    noted: set[Opened] = set()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)
