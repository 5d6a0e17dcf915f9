"""The kernels are compiled once on each machine and kept beside them, or in NUMBA_CACHE_DIR."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from matching.engine.prepare import Prepared
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact import local, orders, quick, seats, sets, together
from matching.exact.arrays import FREE, Arrays, Asked, Hours
from matching.exact.compiling import compiling_alone
from matching.exact.field import Field
from matching.exact.relaxation import Relaxation
from matching.generate import generate
from matching.stop import Clocked, Iterations
from matching.swift.anneal import anneal

# Where kernels live.
ROOMS = ("exact", "swift")


def warm(say: bool = True) -> float:
    """Load the kernels of planning, and compile them where nobody has; the seconds that compiling took, else 0.

    Compiling says so on the standard error output, before and after.
    """
    return _warm((sets.best_sets, anneal, together.sweep_pairs), (_call_sets, _call_search, _call_large), say)


def warm_seats(say: bool = True) -> float:
    """The same for the kernels that find seats for one request."""
    return _warm((seats.best_swaps, anneal), (_call_seats, _call_search), say)


def _warm(last: tuple[Any, ...], calls: tuple[Callable[[], None], ...], say: bool) -> float:
    if not _all_kept(last):
        with compiling_alone(Path(str(last[0].stats.cache_path)), say):
            # Another process may have made them while this one waited.
            if not _all_kept(last):
                return _compile(calls, say)
    for call in calls:
        call()
    return 0.0


def _compile(calls: tuple[Callable[[], None], ...], say: bool) -> float:
    began = time.monotonic()
    if say:
        print("matching: compiling, once on this machine (a minute or two) …", file=sys.stderr, flush=True)
    for call in calls:
        call()
    seconds = time.monotonic() - began
    if say:
        print(f"matching: compiled in {seconds:.0f} s", file=sys.stderr, flush=True)
    return seconds


def _all_kept(last: tuple[Any, ...]) -> bool:
    return all([_kept(kernel) for kernel in last])  # noqa: C419 - each throws its old ones away


def _kept(last: Any) -> bool:
    """Whether this kernel is loaded, or a compiled one lies there that is newer than all sources.

    Older ones are thrown away, all of them: a kernel holds what it calls as that was when it was compiled.
    """
    if last.signatures:
        return True
    here, folder = Path(last.py_func.__code__.co_filename), Path(str(last.stats.cache_path))
    newest = max(source.stat().st_mtime for room in ROOMS for source in (here.parents[1] / room).glob("*.py"))
    stale = [index for index in folder.glob("*.nbi") if index.stat().st_mtime < newest]
    for index in stale:
        index.unlink(missing_ok=True)
    return not stale and any(folder.glob(f"{here.stem}.{last.__name__}-*.nbi"))


def _arrays() -> Arrays:
    """One request, one shift: every type is as in a real problem."""
    one, two = np.array([0], dtype=np.int64), np.array([0, 1], dtype=np.int64)
    asked = Asked(one, one - 1, one + 1, one + FREE, two, one, one + 9)
    hours = Hours(one, one + 9, one, one, one, one, one + 9)
    return Arrays(asked, hours, np.zeros((1, 1, 1), dtype=np.int32), 1)


def _call_sets() -> None:
    arrays, one, none = _arrays(), np.array([0], dtype=np.int64), np.zeros(0, dtype=np.int64)
    first = np.array([0, 0], dtype=np.int64)
    quick.detours(arrays.legs[0], one, one, 1, 0, 0)
    quick.most_of_pairs(arrays, one, one, first, one, one)
    task = local.Task(one, none, one, one, one, one, first, none, none, none, 1, 0, 1, 1, 9, 0)
    sets.best_sets(arrays, task, orders.new_table())


def _call_seats() -> None:
    arrays, one = _arrays(), np.array([0], dtype=np.int64)
    runs = np.zeros((1, 3), dtype=np.int64)
    seats.best_seats(arrays, runs, one, one, one + seats.NOBODY, 0)
    seats.best_swaps(arrays, runs, one, one, one, 0)
    seats.best_pairs(arrays, seats.Members(*[one] * 9), seats.Extra(0, 0, 0, 0, 0), 1, 0, 0, 1)


def _call_search() -> None:
    search = Search(Prepared(generate(20, 8, 5, 1)), 1)
    search.better(search.first(Iterations(0), 2**60), Iterations(1), 2**60)


def _call_large() -> None:
    """Few people, but some who may go together: until a pair was priced too."""
    for seed in range(2, 20):
        prep = Prepared(generate(30, 10, 3, seed))
        search, base = Search(prep, 1), State(prep)
        relaxation = Relaxation(Field(search.moves, base, search.arrays), base, 2**60, Clocked(Iterations(99)))
        relaxation.prove(1, 0.0)
        relaxation.descend(1.0)
        if together.sweep_pairs.signatures:
            return
