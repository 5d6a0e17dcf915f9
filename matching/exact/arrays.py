"""A prepared problem as flat arrays of int64: what the compiled kernels read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.prepare import ENDLESS, Prepared

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
# No promise holds the start of this request.
FREE = -(2**40)


class Asked(NamedTuple):
    """By request: place and place left to (-1: help by phone, not elsewhere), minutes, promised start or FREE;
    the windows of request r are `opens[first[r]:first[r + 1]]` and `closes` alike."""

    place: Ints
    leave: Ints
    duration: Ints
    fixed: Ints
    first: Ints
    opens: Ints
    closes: Ints


class Hours(NamedTuple):
    """By shift: hours, places, number of the way of travelling, most travel of a run."""

    start: Ints
    end: Ints
    origin: Ints
    target: Ints
    home: Ints
    mode: Ints
    most: Ints


class Arrays(NamedTuple):
    """`legs[mode, from, to]`; `step` is the multiple that new visits rather start at."""

    asked: Asked
    hours: Hours
    legs: Small
    step: int


def to_arrays(prep: Prepared) -> Arrays:
    """The same numbers as `prep`, in arrays."""
    modes = sorted(prep.tables)
    number = {mode: index for index, mode in enumerate(modes)}
    people = [prep.volunteers[v] for v in prep.owner]
    first = np.cumsum([0, *(len(windows) for windows in prep.windows)])
    windows = [window for windows in prep.windows for window in windows]
    asked = Asked(
        _ints(prep.place),
        _ints(prep.leave),
        _ints(prep.duration),
        _ints([FREE if start is None else start for start in prep.fixed]),
        first.astype(np.int64),
        _ints([opens for opens, _ in windows]),
        _ints([closes for _, closes in windows]),
    )
    hours = Hours(
        _ints(prep.start),
        _ints(prep.end),
        _ints(prep.origin),
        _ints(prep.target),
        _ints(prep.home),
        _ints([number[person.mode] for person in people]),
        _ints([min(most, ENDLESS) for most in prep.most_travel]),
    )
    return Arrays(asked, hours, _legs(prep, modes), prep.step)


def _legs(prep: Prepared, modes: list[str]) -> Small:
    """One table after the other, so that no more than one is there twice."""
    places = max((len(table) for table in prep.tables.values()), default=0)
    legs = np.zeros((len(modes), places, places), dtype=np.int32)
    for number, mode in enumerate(modes):
        if places:
            legs[number] = np.asarray(prep.tables[mode], dtype=np.int32)
    return legs


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)
