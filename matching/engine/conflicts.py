"""Shifts whose promises alone do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching.engine.runs import legs

if TYPE_CHECKING:
    from matching.engine.prepare import Prepared


def find_conflicts(prep: Prepared) -> tuple[list[int], set[int]]:
    """(shifts in conflict in file order, every shift that takes nothing new because of them)."""
    conflicts: list[int] = []
    barred: set[int] = set()
    for s, run in enumerate(prep.base_runs):
        span = _span_if_broken(prep, s, run) if run else None
        if span is None:
            continue
        conflicts.append(s)
        barred.add(s)
        mine = prep.shifts_of[prep.owner[s]]
        barred.update(o for o in mine if prep.start[o] < span[1] and span[0] < prep.end[o])
    return conflicts, barred


def _span_if_broken(prep: Prepared, s: int, run: tuple[int, ...]) -> tuple[int, int] | None:
    way = legs(prep, s, run)
    starts = [prep.fixed[r] or 0 for r in run]
    ends = [start + prep.duration[r] for start, r in zip(starts, run, strict=True)]
    leave, back = starts[0] - way[0], ends[-1] + way[-1]
    on_time = all(ends[i] + way[i + 1] <= starts[i + 1] for i in range(len(run) - 1))
    if on_time and leave >= prep.start[s] and back <= prep.end[s]:
        return None
    return leave, max(back, *ends)
