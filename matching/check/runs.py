"""Runs: the way, the hours, the limits, and teams that go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from matching.check.board import Board, Meeting, Seat, Violation
from matching.check.measure import legs


def judge_runs(board: Board) -> Iterator[Violation]:
    """Every shift that holds anything new, and every week in which a volunteer has anything new."""
    for run in board.runs.values():
        if any(seat.new for _, seat in run):
            yield from _judge_run(board, run)
    yield from _judge_weeks(board)
    yield from _judge_teams(board)


def _judge_run(board: Board, run: list[tuple[Meeting, Seat]]) -> Iterator[Violation]:
    volunteer, shift = run[0][1].volunteer, run[0][1].shift
    way = legs(board.roads, volunteer, shift, [meeting.request for meeting, _ in run])
    clock = shift.start
    for leg, (meeting, _) in zip(way, run, strict=False):
        if clock + leg > meeting.start:
            late = clock + leg - meeting.start
            yield Violation(
                "late", f"Shift {shift.id}: {volunteer.id} is {late} late for request {meeting.request.id}."
            )
        clock = max(clock, meeting.end)
    if clock + way[-1] > shift.end:
        over = clock + way[-1] - shift.end
        yield Violation("home_late", f"Shift {shift.id}: {volunteer.id} is back {over} after the end.")
    limit = volunteer.max_travel_per_shift
    if limit is not None and sum(way) > limit:
        yield Violation("travel_limit", f"Shift {shift.id}: {sum(way)} of travel, more than the {limit} allowed.")


def _judge_weeks(board: Board) -> Iterator[Violation]:
    visits: Counter[tuple[str, int]] = Counter()
    new: set[tuple[str, int]] = set()
    for meeting in board.meetings:
        for seat in meeting.seats:
            key = (seat.volunteer.id, seat.shift.week)
            visits[key] += 1
            if seat.new:
                new.add(key)
    for volunteer_id, week in sorted(new):
        volunteer = board.volunteers[volunteer_id]
        total = visits[volunteer_id, week] + volunteer.done.get(week, 0)
        if total > volunteer.max_visits_per_week:
            most = volunteer.max_visits_per_week
            yield Violation("week_limit", f"{volunteer_id} has {total} visits in week {week}, not {most}.")


def _judge_teams(board: Board) -> Iterator[Violation]:
    """A shift with a new team-2 visit holds nothing that these two do not do together."""
    for meeting in board.meetings:
        if meeting.promise is not None or meeting.request.team != 2:
            continue
        together = {(seat.volunteer.id, seat.shift.id) for seat in meeting.seats}
        for _, shift_id in sorted(together):
            for other, _ in board.runs[shift_id]:
                if {(seat.volunteer.id, seat.shift.id) for seat in other.seats} != together:
                    yield Violation(
                        "team_split",
                        f"Shift {shift_id}: request {other.request.id} is not done by the pair of request "
                        f"{meeting.request.id}.",
                    )
