"""Runs met on the way: kept in their best order, offered to every shift that could go so, and chosen together."""

from __future__ import annotations

from matching.check import check
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, visits
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.columns import Blocks, state_of
from matching.exact.met import Met
from matching.exact.strategy import LONG
from matching.exact.whole import choose
from matching.format import Plan, Problem
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.build import problem, request, volunteer


def met(given: Problem) -> tuple[Blocks, Met]:
    search = Search(Prepared(given), 1)
    base = State(search.prep)
    blocks = Blocks(search.moves, base, search.arrays)
    return blocks, Met(blocks, base)


def seen(blocks: Blocks, runs: Met, *what: tuple[int, tuple[int, ...]]) -> None:
    runs.see(state_of(blocks, [blocks.column((s,), run) for s, run in what]))


def offered(runs: Met) -> set[tuple[int, tuple[int, ...]]]:
    return {(column.seats[0], column.run) for column in runs.columns()}


def test_runs_that_one_shift_made_on_two_ways_are_chosen_for_two_shifts() -> None:
    here = [request(f"r{n}", place) for n, place in enumerate((1, 2, 1, 2))]
    given = problem([volunteer("v1", hours=[(0, 130)]), volunteer("v2", hours=[(0, 130)])], here)
    blocks, runs = met(given)
    seen(blocks, runs, (0, (0, 1)))
    seen(blocks, runs, (0, (2, 3)))
    assert offered(runs) == {(0, (0, 1)), (1, (0, 1)), (0, (2, 3)), (1, (2, 3))}
    chosen = choose(blocks, runs.columns(), blocks.base, None)
    assert chosen.proved and chosen.state is not None and all(chosen.state.crew)
    plan = Plan(visits(chosen.state), (), (), objective(chosen.state))
    assert {one.code for one in check(given, plan).violations} <= {"not_listed"}


def test_of_two_orders_of_the_same_visits_the_better_is_kept() -> None:
    blocks, runs = met(problem([volunteer()], [request("r0", 1), request("r1", 3), request("r2", 2)]))
    for run in ((1, 0, 2), (0, 2, 1), (2, 1, 0)):
        seen(blocks, runs, (0, run))
    assert offered(runs) == {(0, (0, 2, 1))}


def test_who_has_no_time_no_skill_or_a_promise_is_offered_no_others_run() -> None:
    people = [
        volunteer("v1"), volunteer("late", hours=[(0, 60)]), volunteer("unskilled", skills=[]),
        volunteer("promised"), volunteer("few", max_visits_per_week=1),
    ]  # fmt: skip
    asked = [request("r0", 1), request("r1", 2), request("p", 1, windows=[[200, 240]])]
    stands = {"request": "p", "volunteers": ["promised"], "shifts": ["promised-0"], "start": 200}
    blocks, runs = met(problem(people, asked, [stands]))
    seen(blocks, runs, (0, (0, 1)))
    assert offered(runs) == {(0, (0, 1))}


def test_a_poor_plan_is_not_looked_at() -> None:
    given = problem([volunteer()], [request("r0", 1), request("r1", 2)])
    search = Search(Prepared(given), 1)
    blocks = Blocks(search.moves, State(search.prep), search.arrays)
    runs = Met(blocks, search.local.first(State(search.prep), Iterations(9)))
    seen(blocks, runs, (0, (1,)))
    assert runs.columns() == []


def test_with_long_runs_the_plan_is_legal_and_the_same_again() -> None:
    people = [volunteer(name, max_visits_per_week=30) for name in ("v1", "v2")]
    given = problem(people, [request(f"r{n}", n % 6, duration=15, prize=90 + 7 * n) for n in range(24)])
    first, again = (solve(given, Iterations(60), seed=5).plan for _time in range(2))
    assert first.visits == again.visits and check(given, first).violations == ()
    assert max(sum(v.id in visit.volunteers for visit in first.visits) for v in given.volunteers) > LONG
