"""One run, or the common run of a pair: does this order fit, and how long is the way?

Waiting is free, so serving each visit as early as possible is never worse for the visits after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.engine.prepare import Prepared

Run = tuple[int, ...]


def legs(prep: Prepared, s: int, run: Run) -> list[int]:
    """Legs of a run, the way back last; empty for an empty run."""
    if not run:
        return []
    table, home, here, result = prep.rows[s], prep.home[s], prep.origin[s], []
    for r in run:
        at = prep.place[r] if prep.place[r] >= 0 else home
        result.append(table[here][at])
        here = prep.leave[r] if prep.leave[r] >= 0 else at
    result.append(table[here][prep.target[s]])
    return result


def ride(prep: Prepared, s: int, run: Run, any_travel: bool = False) -> int | None:
    """Travel of a legal single run in this order, None if it breaks hours, windows or the travel limit.

    `any_travel` leaves the travel limit out.
    """
    table, home, here, clock, travel = prep.rows[s], prep.home[s], prep.origin[s], prep.start[s], 0
    for r in run:
        at = prep.place[r]
        if at < 0:
            at = home
        leg = table[here][at]
        travel += leg
        begin = begin_at(prep, r, clock + leg)
        if begin is None:
            return None
        clock = begin + prep.duration[r]
        here = prep.leave[r]
        if here < 0:
            here = at
    leg = table[here][prep.target[s]]
    travel += leg
    if clock + leg > prep.end[s]:
        return None
    return travel if travel <= prep.most_travel[s] or any_travel else None


def least_way(prep: Prepared, s: int, run: Run, r: int) -> int:
    """The shortest way of a run with `r` put somewhere into it, hours aside."""
    return min(sum(legs(prep, s, (*run[:at], r, *run[at:]))) for at in range(len(run) + 1))


def begin_at(prep: Prepared, r: int, ready: int) -> int | None:
    """The earliest start of a visit for people who are there at `ready`: at a multiple of the step where that fits.

    A later `ready` never starts earlier, so serving each visit as early as possible stays right.
    """
    fixed = prep.fixed[r]
    if fixed is not None:
        return fixed if ready <= fixed else None
    duration = prep.duration[r]
    for opens, closes in prep.windows[r]:
        begin = ready if ready > opens else opens
        even = -(-begin // prep.step) * prep.step
        if even + duration <= closes:
            return even
        if begin + duration <= closes:
            return begin
    return None


def ride_together(prep: Prepared, s: int, t: int, run: Run) -> tuple[int, int] | None:
    """Travel of both members of a pair in this order: each on their own way, starting when both are there."""
    here_s, here_t, clock_s, clock_t, way_s, way_t = (
        prep.origin[s],
        prep.origin[t],
        prep.start[s],
        prep.start[t],
        0,
        0,
    )
    for r in run:
        at_s = prep.place[r] if prep.place[r] >= 0 else prep.home[s]
        at_t = prep.place[r] if prep.place[r] >= 0 else prep.home[t]
        leg_s, leg_t = prep.rows[s][here_s][at_s], prep.rows[t][here_t][at_t]
        way_s, way_t = way_s + leg_s, way_t + leg_t
        begin = begin_at(prep, r, max(clock_s + leg_s, clock_t + leg_t))
        if begin is None:
            return None
        clock_s = clock_t = begin + prep.duration[r]
        here_s = prep.leave[r] if prep.leave[r] >= 0 else at_s
        here_t = prep.leave[r] if prep.leave[r] >= 0 else at_t
    back_s, back_t = prep.rows[s][here_s][prep.target[s]], prep.rows[t][here_t][prep.target[t]]
    way_s, way_t = way_s + back_s, way_t + back_t
    if clock_s + back_s > prep.end[s] or clock_t + back_t > prep.end[t]:
        return None
    return (way_s, way_t) if way_s <= prep.most_travel[s] and way_t <= prep.most_travel[t] else None
