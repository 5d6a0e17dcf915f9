"""Whoever makes a plan, the judge finds it legal, and what a routing program leaves out is put in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.core import strip
from benchmarks.rivals import RIVALS, first_come, greedy, rival
from benchmarks.rivals.fleet import Fleet
from benchmarks.rivals.mend import Bench, mended, published
from matching.check import check
from matching.format import Plan, Problem, Promise
from matching.generate import generate

ALWAYS_HERE = ("first_come", "greedy")


@pytest.mark.parametrize("name", ALWAYS_HERE)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("core", [False, True])
def test_the_simple_rivals_make_legal_plans_that_serve_people(name: str, seed: int, core: bool) -> None:
    problem = generate(60, 14, 7, seed)
    problem = strip(problem) if core else problem
    plan = rival(name).plan(problem, seconds=1)
    assert check(problem, plan).violations == ()
    assert len(plan.unserved) < 45


def test_greedy_is_better_than_first_come() -> None:
    totals = [
        (greedy.plan(p, 1).objective.total, first_come.plan(p, 1).objective.total)
        for p in (generate(80, 15, 7, seed) for seed in range(5))
    ]
    assert all(ranked > first for ranked, first in totals)


def test_first_come_asks_the_nearest_who_is_free() -> None:
    problem = strip(generate(1, 30, 7, seed=4))
    bench = Bench.of(problem)
    plan = first_come.plan(problem, 1)
    able = {bench.prep.owner[s] for s, _ in bench.moves.options.single[0]}
    ways = {problem.volunteers[v].id: bench.prep.way_from_home(0, v) for v in able}
    assert ways[plan.visits[0].volunteers[0]] == min(ways.values())


def test_the_libraries_of_routing_programs_are_not_loaded_with_the_package() -> None:
    assert set(ALWAYS_HERE) < set(RIVALS)
    assert not {"ortools", "pyvrp", "vroom"} & set(sys.modules)


def test_an_unknown_rival_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody is none of"):
        rival("nobody")


@pytest.fixture
def problem() -> Problem:
    return generate(60, 14, 7, seed=7)


def _routes(problem: Problem, plan: Plan) -> dict[int, list[int]]:
    prep = Bench.of(problem).prep
    number = {r.id: i for i, r in enumerate(prep.requests)}
    shift = {s.id: i for i, s in enumerate(prep.shifts)}
    routes: dict[int, list[int]] = {}
    for visit in sorted(plan.visits, key=lambda v: v.start):
        routes.setdefault(shift[visit.shifts[0]], []).append(number[visit.request])
    return routes


def test_mending_keeps_legal_routes(problem: Problem) -> None:
    core = strip(problem)
    plan, bench = greedy.plan(core, 1), Bench.of(core)
    assert published(bench, mended(bench, _routes(core, plan)), 0).visits == plan.visits


def test_mending_makes_nonsense_legal(problem: Problem) -> None:
    bench = Bench.of(problem)
    everybody_everywhere = {s: list(range(len(problem.requests))) for s in range(len(bench.prep.shifts))}
    plan = published(bench, mended(bench, everybody_everywhere), 0)
    assert check(problem, plan).violations == ()
    assert len(plan.visits) > 20


def test_whoever_is_not_served_is_put_in_where_it_gains_teams_too() -> None:
    problem = generate(40, 30, 7, seed=7)
    plan = published(bench := Bench.of(problem), mended(bench, {}), 0)
    assert plan.visits == greedy.plan(problem, 1).visits
    assert any(len(visit.volunteers) == 2 for visit in plan.visits)


def test_of_a_week_over_its_limit_the_most_valuable_visits_stay(problem: Problem) -> None:
    core = strip(problem)
    tight = replace(core, volunteers=tuple(replace(v, max_visits_per_week=1) for v in core.volunteers))
    bench = Bench.of(tight)
    routes = _routes(tight, greedy.plan(core, 1))
    state = mended(bench, routes)
    for v in range(len(tight.volunteers)):
        mine = [r for s, route in routes.items() if bench.prep.owner[s] == v for r in route]
        if len(mine) > 1:
            best = max(mine, key=lambda r: bench.prep.prize[r])
            assert state.crew[best]
            return
    raise AssertionError("nobody had more than one visit")


def test_promises_are_refused(problem: Problem) -> None:
    shift = problem.volunteers[0].shifts[0]
    promise = Promise(problem.requests[0].id, (problem.volunteers[0].id,), (shift.id,), shift.start)
    with pytest.raises(ValueError, match="no promises"):
        greedy.plan(replace(problem, promises=(promise,)), 1)


def _jobs_of(fleet: Fleet) -> Iterator[tuple[int, int, int]]:
    for j, r in enumerate(fleet.jobs):
        for i in fleet.takers[j]:
            yield i, j, r


def test_a_fleet_tells_what_every_visit_is_worth(problem: Problem) -> None:
    bench = Bench.of(problem)
    fleet = Fleet(bench)
    for i, j, r in _jobs_of(fleet):
        assert fleet.value[j] - fleet.malus[i, j] == bench.prep.worth(r, (fleet.shifts[i],))
        assert fleet.malus[i, j] >= 0


def test_a_fleet_knows_the_roads_of_each_vehicle(problem: Problem) -> None:
    bench = Bench.of(problem)
    fleet, prep = Fleet(bench), bench.prep
    kinds = set()
    for i in range(len(fleet.shifts)):
        s, roads = fleet.shifts[i], fleet.minutes(i)
        for j, r in enumerate(fleet.jobs):
            kinds.add(prep.requests[r].kind)
            # There and back, as the one visit of a run.
            assert roads[0, j + 1] + roads[j + 1, 0] == sum(_legs(bench, s, r))
    assert {"PHONE_HELP", "ESCORT", "HOME_VISIT"} <= kinds


def _legs(bench: Bench, s: int, r: int) -> tuple[int, int]:
    prep, home = bench.prep, bench.prep.home[s]
    at = home if prep.place[r] < 0 else prep.place[r]
    leave = at if prep.leave[r] < 0 else prep.leave[r]
    return prep.rows[s][prep.origin[s]][at], prep.rows[s][leave][prep.target[s]]


def test_windows_of_a_fleet_tell_when_service_may_begin(problem: Problem) -> None:
    fleet = Fleet(Bench.of(problem))
    for j, r in enumerate(fleet.jobs):
        request, windows = problem.requests[r], fleet.windows(j)
        assert windows
        for first, last in windows:
            window = (first + fleet.epoch, last + fleet.epoch + request.duration)
            assert any(opens <= window[0] and window[1] <= closes for opens, closes in request.windows)
