"""When the visits of a run start: at the times people were told, where the run allows it, else as early as can be."""

from __future__ import annotations

from collections.abc import Mapping

from matching.engine.prepare import Prepared
from matching.engine.runs import Run, begin_at


def timetable(prep: Prepared, shifts: tuple[int, ...], run: Run, told: Mapping[int, int]) -> list[int]:
    """The starts of a legal run of one shift, or of a pair's two. `told` maps requests to starts.

    A told start that lies in no window is not kept. Raises ValueError for a run that does not fit.
    """
    found = _from(prep, shifts, run, told, 0, [prep.origin[s] for s in shifts], [prep.start[s] for s in shifts])
    if found is None:
        raise ValueError("the run does not fit")
    return found


def _from(
    prep: Prepared,
    shifts: tuple[int, ...],
    run: Run,
    told: Mapping[int, int],
    i: int,
    here: list[int],
    clock: list[int],
) -> list[int] | None:
    """Starts of the visits from the ith on, for people who are `here` from `clock` on."""
    if i == len(run):
        backs = (prep.rows[s][h][prep.target[s]] for s, h in zip(shifts, here, strict=True))
        late = any(c + back > prep.end[s] for c, back, s in zip(clock, backs, shifts, strict=True))
        return None if late else []
    r = run[i]
    at = [prep.place[r] if prep.place[r] >= 0 else prep.home[s] for s in shifts]
    ready = max(c + prep.rows[s][h][a] for c, s, h, a in zip(clock, shifts, here, at, strict=True))
    after = [prep.leave[r]] * len(shifts) if prep.leave[r] >= 0 else at
    for begin in _choices(prep, r, ready, told.get(r)):
        rest = _from(prep, shifts, run, told, i + 1, after, [begin + prep.duration[r]] * len(shifts))
        if rest is not None:
            return [begin, *rest]
    return None


def _choices(prep: Prepared, r: int, ready: int, told: int | None) -> list[int]:
    earliest = begin_at(prep, r, ready)
    choices = [] if earliest is None else [earliest]
    if told is None or prep.fixed[r] is not None or told < ready or told == earliest:
        return choices
    fits = any(opens <= told and told + prep.duration[r] <= closes for opens, closes in prep.windows[r])
    return [told, *choices] if fits else choices
