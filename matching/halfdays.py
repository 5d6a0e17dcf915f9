"""Half-days that somebody could be free: of a calendar where the shifts show one, else the hours others have."""

from __future__ import annotations

from collections.abc import Iterator

from matching.format import Problem, Shift

DAY = 24 * 60
# A half-day has five hours at the most, on each side of the middle of the hours of people and of windows.
LONGEST, SHORTEST = 300, 60
MOST_DAYS = 31
# Where nobody is free at any time.
FIRST_HOUR, LAST_HOUR = 9 * 60, 18 * 60


def half_days(problem: Problem, name: str) -> list[Shift]:
    """Shifts called `name`, open to anybody, that meet a window of some request; by day and hour."""
    shifts = [shift for volunteer in problem.volunteers for shift in volunteer.shifts]
    offset = _offset(problem, shifts)
    found = _of_others(shifts) if offset is None else _of_calendar(problem, shifts, offset)
    windows = sorted({window for request in problem.requests for window in request.windows})
    return [
        Shift(name, start, end, week, day)
        for day, start, end, week in sorted(set(found))
        if any(max(start, opens) < min(end, closes) for opens, closes in windows)
    ]


def _offset(problem: Problem, shifts: list[Shift]) -> int | None:
    """The number of the day that begins at minute 0, where all shifts agree on it."""
    if problem.time_unit != "minute":
        return None
    offsets = {shift.day - shift.start // DAY for shift in shifts} or {0}
    return offsets.pop() if len(offsets) == 1 else None


def _of_others(shifts: list[Shift]) -> Iterator[tuple[int, int, int, int]]:
    return ((shift.day, shift.start, shift.end, shift.week) for shift in shifts if not shift.closed)


def _of_calendar(problem: Problem, shifts: list[Shift], offset: int) -> Iterator[tuple[int, int, int, int]]:
    """Both halves of every day from the first to the last on which anybody has hours or could be visited."""
    open_shifts = [shift for shift in shifts if not shift.closed]
    windows = [window for request in problem.requests for window in request.windows]
    hours = [(shift.start, shift.end) for shift in open_shifts]
    hours += [(opens, closes) for opens, closes in windows if 0 <= opens < closes < opens + DAY]
    first = min((opens % DAY for opens, _ in hours), default=FIRST_HOUR)
    last = max((closes - opens // DAY * DAY for opens, closes in hours), default=LAST_HOUR)
    middle = (first + last) // 2
    halves = (max(first, middle - LONGEST), middle), (middle, min(last, middle + LONGEST))
    # A window before minute 0 and before everybody's hours is no time that anybody could still be free at.
    begin = [shift.start for shift in open_shifts] + [opens for opens, _ in windows if opens >= 0]
    over = [shift.end for shift in open_shifts] + [closes for _, closes in windows]
    earliest = min(begin, default=0)
    number = earliest // DAY
    for day in range(number, min(max(over, default=0) // DAY, number + MOST_DAYS) + 1):
        for start, end in halves:
            opens = max(day * DAY + start, earliest)
            if day * DAY + end - opens >= SHORTEST:
                yield day + offset, opens, day * DAY + end, week_of(shifts, day + offset)


def week_of(shifts: list[Shift], day: int) -> int:
    """The week of a day: as weeks of seven days go on from those known, else as on the nearest day known."""
    known = {shift.day: shift.week for shift in shifts}
    if day in known or not known:
        return known.get(day, 0)
    for begin in range(7):
        bases = {week - (each + begin) // 7 for each, week in known.items()}
        if len(bases) == 1:
            return (day + begin) // 7 + bases.pop()
    return known[min(known, key=lambda each: (abs(each - day), each))]
