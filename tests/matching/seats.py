"""The best way to seat one request in a standing plan, by trying every seat with the independent judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matching.check.board import Board
from matching.check.claims import first_empty_filter
from matching.check.eligibility import judge_seats
from matching.check.measure import departure, entry, origin
from matching.check.runs import judge_runs
from matching.check.terms import measure
from matching.format import Plan, Problem, Visit
from matching.parts import valued
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.small import NOTHING, crews_of

Crews = dict[str, tuple[str, ...]]
Runs = dict[str, tuple[str, ...]]


class Trial:
    """A plan as crews and runs, changed by hand; a volunteer's home is the place of help by phone."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.requests = {r.id: r for r in problem.requests}
        self.shifts = {s.id: (v, s) for v in problem.volunteers for s in v.shifts}
        self.fixed = {p.request: p.start for p in problem.promises}
        self.promised = {p.request: p.shifts for p in problem.promises}
        self.crews: Crews = {v.request: v.shifts for v in plan.visits}
        starts = {v.request: v.start for v in plan.visits}
        order = {p.request: i for i, p in enumerate(problem.promises)}
        self.runs: Runs = {
            s: tuple(
                sorted((r for r, crew in self.crews.items() if s in crew), key=lambda r: (starts[r], order.get(r, 99)))
            )
            for s in self.shifts
        }

    def total(self, crews: Crews, runs: Runs) -> int | None:
        """The total of these crews in these orders with every start as early as can be; None if that is illegal."""
        starts = self._starts(crews, runs)
        if starts is None:
            return None
        people = {r: tuple(self.shifts[s][0].id for s in crew) for r, crew in crews.items()}
        visits = tuple(Visit(r, people[r], crew, starts[r]) for r, crew in crews.items() if crew)
        board = Board(self.problem, Plan(visits, (), (), NOTHING))
        if board.violations or any(judge_seats(board)) or any(judge_runs(board)):
            return None
        return measure(board).total

    def _starts(self, crews: Crews, runs: Runs) -> dict[str, int] | None:
        done: dict[str, int] = {}
        here = {s: (origin(v, shift), shift.start) for s, (v, shift) in self.shifts.items()}
        left = {s: list(run) for s, run in runs.items()}
        while any(left.values()):
            ready = [r for r in {run[0] for run in left.values() if run} if all(left[s][0] == r for s in crews[r])]
            if not ready:
                return None
            for r in ready:
                start = self._start(r, crews[r], here)
                if start is None:
                    return None
                done[r] = start
                for s in crews[r]:
                    left[s].pop(0)
                    here[s] = departure(self.requests[r], self.shifts[s][0]), start + self.requests[r].duration
        return done

    def _start(self, r: str, crew: tuple[str, ...], here: dict[str, tuple[int, int]]) -> int | None:
        matrix, request = self.problem.travel.matrix or {}, self.requests[r]
        if r in self.fixed:
            return self.fixed[r]
        ready = 0
        for s in crew:
            volunteer, (place, clock) = self.shifts[s][0], here[s]
            ready = max(ready, clock + matrix[volunteer.mode][place][entry(request, volunteer)])
        starts = [max(ready, a) for a, b in request.windows if max(ready, a) + request.duration <= b]
        return min(starts, default=None)

    def seated(self, r: str, crews: Crews, runs: Runs) -> Iterator[tuple[Crews, Runs]]:
        """Every way to fill the open seats of r, in every position."""
        there = crews.get(r, ())
        for crew in crews_of(self.problem, self.requests[r].team - len(there)):
            new = tuple(s.id for _, s in crew)
            if {self.shifts[s][0].id for s in there} & {v.id for v, _ in crew}:
                continue
            for at in range(min(len(runs[s]) for s in new) + 1):
                longer = {s: (*runs[s][:at], r, *runs[s][at:]) for s in new}
                yield {**crews, r: (*there, *new)}, {**runs, **longer}

    def without(self, q: str) -> tuple[Crews, Runs]:
        runs = {s: tuple(r for r in run if r != q) for s, run in self.runs.items()}
        return {r: crew for r, crew in self.crews.items() if r != q}, runs


def best_insertion(problem: Problem, plan: Plan, request: str) -> int | None:
    """The highest total with `request` seated directly, or one new single visit giving way to it; None if neither."""
    trial = Trial(problem, plan)
    totals = [trial.total(*way) for way in trial.seated(request, trial.crews, trial.runs)]
    for q, crew in trial.crews.items():
        if q in trial.promised or trial.requests[q].team == 2:
            continue
        (shift,) = crew
        for crews, runs in trial.seated(request, *trial.without(q)):
            new = crews[request][len(trial.promised.get(request, ())) :]
            # One of two new people may give up a visit, and then has no other: they go together.
            if shift not in new:
                continue
            totals.append(trial.total(crews, runs))
            again = replace_trial(trial, crews, runs)
            totals += [again.total(*way) for way in again.seated(q, crews, runs) if way[0][q] != (shift,)]
    return max((total for total in totals if total is not None), default=None)


def replace_trial(trial: Trial, crews: Crews, runs: Runs) -> Trial:
    again = Trial(replace(trial.problem), Plan((), (), (), NOTHING))
    again.crews, again.runs = crews, runs
    return again


def standing_plan(problem: Problem, iterations: int, *urgent: str) -> Plan:
    """A legal plan that gives `urgent` nobody new: made as if nobody spoke their language."""
    requests = tuple(replace(r, language="none") if r.id in urgent else r for r in problem.requests)
    plan = solve(replace(problem, requests=requests), Iterations(iterations), seed=1).plan
    board = Board(problem, plan)
    unserved = tuple(
        replace(u, reason=first_empty_filter(board, board.requests[u.request]) or "taken_by_others")
        if u.request in urgent
        else u
        for u in plan.unserved
    )
    return valued(problem, replace(plan, unserved=unserved, bound=None, status="feasible"))
