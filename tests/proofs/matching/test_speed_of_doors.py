"""How long an insertion and a repair take, in seconds of one processor."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest

from matching.check import check
from matching.engine.load import load_state
from matching.engine.moves import Moves
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, starts, unserved
from matching.engine.state import State
from matching.engine.ways import direct
from matching.exact.warm import warm_seats
from matching.format import Objective, Plan, Problem, Promise, Unserved, Visit
from matching.generate import generate
from matching.insert import Desk
from matching.repair import Away, Change, repair
from matching.stop import Iterations
from tests.sizes import size

pytestmark = pytest.mark.alone


def greedy(problem: Problem, without: set[str]) -> Desk:
    """A desk with everything seated directly that gains, by prize, but for some requests."""
    nobody = tuple(Unserved(r.id, "taken_by_others", ()) for r in problem.requests)
    desk = Desk(problem, Plan((), nobody, (), Objective(0, 0, 0, 0, 0, 0, 0, 0)))
    for request in sorted(problem.requests, key=lambda r: -r.prize):
        steps = [] if request.id in without else direct(desk.seating, desk.number[request.id], 1)
        best = max(steps, key=lambda step: step.gain, default=None)
        if best is not None and best.gain > 0:
            desk.state.apply(best.move)
            desk.seating.follow(best.move.seats)
    desk.begin = starts(desk.state)
    return desk


def standing(problem: Problem, visits: tuple[Visit, ...]) -> Plan:
    """The plan of these visits, with every reason."""
    prep = Prepared(problem)
    plan = Plan(visits, (), (), Objective(0, 0, 0, 0, 0, 0, 0, 0))
    state = load_state(prep, plan)
    conflicts = tuple(prep.shifts[s].id for s in prep.conflicts)
    left = unserved(Moves(prep), state, State(prep))
    return replace(plan, unserved=left, promise_conflicts=conflicts, objective=objective(state))


def test_an_insertion_takes_at_most_15_milliseconds() -> None:
    warm_seats(say=False)
    requests, volunteers, days = size(1000, 5000, "requests"), size(150, 600, "volunteers"), size(7, 14, "days")
    problem = generate(requests, volunteers, days, seed=1)
    urgent = random.Random(1).sample([r.id for r in problem.requests], 200)
    desk = greedy(problem, set(urgent))
    taken = []
    for request in urgent:
        began = time.process_time()
        desk.insert(request)
        taken.append(time.process_time() - began)
    assert sorted(taken)[197] <= 0.015


def test_a_repair_of_1000_requests_takes_at_most_a_second() -> None:
    warm_seats(say=False)
    for seed in range(size(2, 10, "repairs")):
        free = generate(1000, 150, 7, seed=seed)
        visits = greedy(free, set()).plan.visits
        rng = random.Random(seed)
        told = tuple(Promise(v.request, v.volunteers, v.shifts, v.start) for v in visits if rng.random() < 0.5)
        problem = replace(free, promises=told)
        plan = standing(problem, visits)
        ill = rng.choice([v.id for v in problem.volunteers if sum(v.id in visit.volunteers for visit in visits) > 2])
        began = time.process_time()
        found = repair(problem, plan, Change(away=(Away(ill),)), Iterations(60), seed=1)
        assert time.process_time() - began <= 1.0
        mine = {visit.request for visit in visits if ill in visit.volunteers}
        neighbours = [one for one in found.changes if one.request not in mine and one.before is not None]
        assert len(neighbours) <= 0.03 * len(visits)
        assert not any(one.confirmed for one in neighbours)
        assert check(found.problem, found.plan).legal
