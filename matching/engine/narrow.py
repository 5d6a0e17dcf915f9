"""One request held at one time, for a while: its windows are narrowed in the problem and in its arrays alike."""

from __future__ import annotations

from matching.engine.prepare import Prepared
from matching.exact.arrays import Arrays


def narrow(prep: Prepared, arrays: Arrays, r: int, start: int) -> None:
    """Only this start is left, or none where it lies in no window. A promise has its start already."""
    end = start + prep.duration[r]
    fits = any(opens <= start and end <= closes for opens, closes in prep.requests[r].windows)
    _set(prep, arrays, r, ((start, end),) if fits else ())


def widen(prep: Prepared, arrays: Arrays, r: int) -> None:
    """All windows again."""
    _set(prep, arrays, r, tuple(sorted(prep.requests[r].windows)))


def _set(prep: Prepared, arrays: Arrays, r: int, windows: tuple[tuple[int, int], ...]) -> None:
    prep.windows[r] = windows
    asked = arrays.asked
    first, last = asked.first[r], asked.first[r + 1]
    # Windows that are away for now hold no time at all.
    asked.opens[first:last], asked.closes[first:last] = 0, -1
    for at, (opens, closes) in enumerate(windows, first):
        asked.opens[at], asked.closes[at] = opens, closes
