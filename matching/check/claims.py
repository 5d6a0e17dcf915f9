"""What a plan says about itself: its lists, its objective, its bound, its reasons."""

from __future__ import annotations

from collections.abc import Iterator

from matching.check.board import Board, Violation
from matching.check.eligibility import near
from matching.format import Objective, Plan, Request

_STATIC = ("nobody_certified", "nobody_speaks", "all_blocked", "too_far")


def judge_claims(board: Board, plan: Plan, objective: Objective) -> Iterator[Violation]:
    yield from _judge_conflicts(board, plan)
    yield from _judge_unserved(board, plan)
    yield from _judge_reasons(board, plan)
    yield from _judge_numbers(plan, objective)


def _judge_conflicts(board: Board, plan: Plan) -> Iterator[Violation]:
    if list(plan.promise_conflicts) != board.conflicts:
        expected = ", ".join(board.conflicts) or "none"
        yield Violation("promise_conflicts", f"The shifts in conflict are {expected}, in this order.")


def _judge_unserved(board: Board, plan: Plan) -> Iterator[Violation]:
    staffed = {m.request.id for m in board.meetings if m.full}
    listed = [entry.request for entry in plan.unserved]
    if len(set(listed)) != len(listed):
        yield Violation("listed_twice", "A request stands twice in unserved.")
    for request_id in listed:
        if request_id not in board.requests:
            yield Violation("unknown_request", f"Unserved names {request_id}, which the problem does not hold.")
        elif request_id in staffed:
            yield Violation("served_and_listed", f"Request {request_id} is staffed and stands in unserved.")
    for request_id in board.requests:
        if request_id not in staffed and request_id not in listed:
            yield Violation("not_listed", f"Request {request_id} is neither fully staffed nor in unserved.")
    place = {request_id: index for index, request_id in enumerate(board.requests)}
    order = [place[request_id] for request_id in listed if request_id in place]
    if order != sorted(order):
        yield Violation("unserved_order", "Unserved does not follow the order of the requests.")
    for entry in plan.unserved:
        for volunteer_id in entry.people:
            if volunteer_id not in board.volunteers:
                yield Violation("unknown_volunteer", f"Unserved {entry.request} names {volunteer_id}, no volunteer.")


def _judge_reasons(board: Board, plan: Plan) -> Iterator[Violation]:
    for entry in plan.unserved:
        # An open seat is asked of a helper, whose skills depend on who is there already.
        if entry.request not in board.requests or entry.request in board.promises:
            continue
        true = first_empty_filter(board, board.requests[entry.request])
        if (true or entry.reason in _STATIC) and entry.reason != true:
            text = f"Request {entry.request} is called {entry.reason}, but that is not what leaves nobody."
            yield Violation("wrong_reason", text)


def first_empty_filter(board: Board, request: Request) -> str | None:
    """Which of skills, language, block lists and distance leaves nobody, None if none does."""
    left = [v for v in board.problem.volunteers if request.skills <= v.skills]
    if not left:
        return "nobody_certified"
    left = [v for v in left if request.language in v.languages]
    if not left:
        return "nobody_speaks"
    left = [v for v in left if v.id not in request.blocked]
    if not left:
        return "all_blocked"
    return None if any(near(board, request, v) for v in left) else "too_far"


def _judge_numbers(plan: Plan, objective: Objective) -> Iterator[Violation]:
    if plan.objective != objective:
        said, true = plan.objective.total, objective.total
        yield Violation("objective", f"The objective says {said}, recomputed term by term it is {true}.")
    if plan.bound is None:
        if plan.gap is not None:
            yield Violation("gap", "A gap is given without a bound.")
        if plan.status == "optimal":
            yield Violation("status", "A plan without a bound cannot be called optimal.")
        return
    if plan.bound < objective.total:
        yield Violation("bound", f"The bound {plan.bound} lies below the total {objective.total}.")
    if plan.gap != (plan.bound - objective.total) / max(1, abs(plan.bound)):
        yield Violation("gap", "The gap does not follow from bound and total.")
    if plan.status == "optimal" and plan.bound != objective.total:
        yield Violation("status", "A plan is optimal only when its bound equals its total.")
