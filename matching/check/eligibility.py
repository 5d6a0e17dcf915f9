"""Who may sit in a new seat, and when."""

from __future__ import annotations

from collections.abc import Iterator

from matching.check.board import Board, Meeting, Seat, Violation
from matching.check.measure import entry
from matching.format import Request, Volunteer


def judge_seats(board: Board) -> Iterator[Violation]:
    """Eligibility of every new seat; promised seats are exempt."""
    for meeting in board.meetings:
        new = [seat for seat in meeting.seats if seat.new]
        if not new:
            continue
        yield from _judge_team(board, meeting)
        for seat in new:
            yield from _judge_person(board, meeting, seat)
            yield from _judge_shift(board, meeting, seat)
        if meeting.promise is None:
            yield from _judge_time(meeting)


def _judge_team(board: Board, meeting: Meeting) -> Iterator[Violation]:
    request = meeting.request
    if not any(request.skills <= seat.volunteer.skills for seat in meeting.seats):
        yield Violation("nobody_skilled", f"Request {request.id}: nobody of the team holds all the skills.")
    if len({seat.shift.day for seat in meeting.seats}) > 1:
        yield Violation("different_days", f"Request {request.id}: the shifts of the team differ in their day.")
    if meeting.promise and any(shift in board.conflicts for shift in meeting.promise.shifts):
        yield Violation("conflict_filled", f"Request {request.id}: its promise is in conflict and may not be filled.")


def _judge_person(board: Board, meeting: Meeting, seat: Seat) -> Iterator[Violation]:
    request, volunteer = meeting.request, seat.volunteer
    if request.language not in volunteer.languages:
        yield Violation("language", f"Request {request.id}: {volunteer.id} does not speak {request.language}.")
    if volunteer.id in request.blocked:
        yield Violation("blocked", f"Request {request.id}: {volunteer.id} is blocked.")
    if not near(board, request, volunteer):
        yield Violation("too_far", f"Request {request.id} is farther from {volunteer.id} than max_leg.")


def near(board: Board, request: Request, volunteer: Volunteer) -> bool:
    """Whether `max_leg` allows the way from home."""
    if volunteer.max_leg is None or request.place is None:
        return True
    return board.roads.leg(volunteer.mode, volunteer.home, entry(request, volunteer)) <= volunteer.max_leg


def _judge_shift(board: Board, meeting: Meeting, seat: Seat) -> Iterator[Violation]:
    request, shift = meeting.request, seat.shift
    if shift.closed:
        yield Violation("closed_shift", f"Request {request.id}: shift {shift.id} is closed to anything new.")
    if shift.id in board.barred:
        yield Violation("shift_in_conflict", f"Request {request.id}: shift {shift.id} is barred by a conflict.")
    if meeting.promise is None and shift.day < request.released_day:
        yield Violation("before_release", f"Request {request.id} is not released on the day of shift {shift.id}.")


def _judge_time(meeting: Meeting) -> Iterator[Violation]:
    if not any(start <= meeting.start and meeting.end <= end for start, end in meeting.request.windows):
        at = f"{meeting.start}–{meeting.end}"
        yield Violation("window", f"Request {meeting.request.id}: {at} lies in no window of the person.")
