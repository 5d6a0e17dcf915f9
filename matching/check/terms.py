"""The objective, recomputed from the visits."""

from __future__ import annotations

from collections import Counter

from matching.check.board import Board, Meeting
from matching.check.measure import legs
from matching.format import Objective, Volunteer, Weights


def measure(board: Board) -> Objective:
    """The terms of all visits on the board, promised ones included."""
    weights, meetings = board.problem.weights, board.meetings
    served = sum(m.request.prize for m in meetings if m.full)
    travel = -weights.travel * _travel(board)
    waiting = -weights.day_waited * sum(_days_waited(m) for m in meetings)
    continuity = weights.continuity * sum(_earlier_is_there(m) for m in meetings)
    preferred = weights.preferred * sum(s.volunteer.id in m.request.preferred for m in meetings for s in m.seats)
    fairness = _fairness(board)
    scarcity = -sum(_scarcity(m, weights) for m in meetings)
    stability = weights.stability * _kept(board)
    total = served + travel + waiting + continuity + preferred + fairness + scarcity + stability
    return Objective(total, served, travel, waiting, continuity, preferred, fairness, scarcity, stability)


def _travel(board: Board) -> int:
    return sum(
        sum(legs(board.roads, run[0][1].volunteer, run[0][1].shift, [m.request for m, _ in run]))
        for run in board.runs.values()
    )


def _days_waited(meeting: Meeting) -> int:
    return max(0, meeting.seats[0].shift.day - meeting.request.released_day)


def _earlier_is_there(meeting: Meeting) -> bool:
    return any(seat.volunteer.id == meeting.request.earlier for seat in meeting.seats)


def _kept(board: Board) -> int:
    """Standing visits made by the same people on the same day."""
    told = {s.request: (set(s.volunteers), board.shifts[s.shifts[0]][1].day) for s in board.problem.standing}
    now = {m.request.id: ({seat.volunteer.id for seat in m.seats}, m.seats[0].shift.day) for m in board.meetings}
    return sum(now.get(request) == stands for request, stands in told.items())


def _fairness(board: Board) -> int:
    weights = board.problem.weights
    visits = Counter((s.volunteer.id, s.shift.week) for m in board.meetings for s in m.seats)
    cost = sum(_week_cost(board.volunteers[who], week, n, weights) for (who, week), n in visits.items())
    newcomers = {who for who, _ in visits if board.volunteers[who].idle}
    return weights.first_visit * len(newcomers) - cost


def _week_cost(volunteer: Volunteer, week: int, visits: int, weights: Weights) -> int:
    done, wish = volunteer.done.get(week, 0), volunteer.wish_per_week
    cost = 0
    for k in range(done + 1, done + visits + 1):
        cost += weights.kth_visit_in_week * (k - 1)
        if wish is not None:
            cost += weights.over_wish * max(0, k - wish)
    return cost


def _scarcity(meeting: Meeting, weights: Weights) -> int:
    needed = meeting.request.skills
    spent = [
        sum(weights.scarcity.get(skill, 0) for skill in seat.volunteer.skills - needed)
        for seat in meeting.seats
        if needed <= seat.volunteer.skills
    ]
    return min(spent, default=0)
