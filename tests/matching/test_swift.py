"""The compiled search: its plans are legal, its sums and clocks are right after every step, and chance repeats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.check import check
from matching.engine.load import load_state
from matching.engine.prepare import Prepared
from matching.engine.publish import objective, visits
from matching.engine.runs import begin_at
from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.arrays import to_arrays
from matching.exact.hours import NEVER
from matching.exact.warm import warm
from matching.format import Plan, Problem
from matching.generate import generate
from matching.stop import Clocked, Iterations
from matching.swift.anneal import Cooling, anneal, fill
from matching.swift.board import board_of, state_of
from matching.swift.book import book_of, ints, unknown_pairs
from matching.swift.clocks import latest
from matching.swift.dice import below, new_dice, unit
from matching.swift.local import GENTLE
from matching.swift.one import seat
from matching.swift.trail import Trails, begin_trail, go_back, new_trail
from matching.swift.two import take_two
from matching.swift.work import new_work
from tests.matching.build import planned, problem, request, volunteer
from tests.matching.small import random_problem

HOT = Cooling(500.0, 100.0, 50, 2.0, 0.2)


def awkward(seed: int) -> Problem:
    """Pairs, promises, helpers, escorts, limits, in hours that leave some choice; starts on the step of the seed."""
    problem = random_problem(seed, requests=14, volunteers=6)
    return replace(problem, start_step=(1, 7, 15)[seed % 3])


def search(problem: Problem, seed: int = 1) -> Search:
    return Search(Prepared(problem), seed)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_rules_every_plan_on_the_way_is_legal(seed: int) -> None:
    one = search(awkward(seed), seed)
    book = book_of(one.moves, one.arrays)
    base = State(one.prep)
    board = board_of(book, base)
    trails, work = Trails(new_trail(board), new_trail(board)), new_work(book, new_dice(seed))
    if not one.open:
        return
    for step in range(0, 300, 20):
        anneal(book, board, trails, work, HOT, step, 20)
        state = state_of(board, book, base)
        assert state.total == board.total[0]
        assert state.visits == board.visits.tolist() and state.trips == board.trips.tolist()
        assert all(state.stands(s) for s in range(len(state.runs)))
        assert not work.mark.any() and not work.open.any()
        again = board_of(book, state)
        for s, n in enumerate(board.length):
            if board.mate[s] < 0 and s not in one.prep.conflicts:
                assert np.array_equal(again.clock[s, : n + 1], board.clock[s, : n + 1])
                assert np.array_equal(again.late[s, : n + 1], board.late[s, : n + 1])
        plan = Plan(visits(state), (), (), objective(state))
        codes = {violation.code for violation in check(one.prep.problem, plan).violations}
        assert codes <= {"not_listed", "promise_conflicts"}, codes
    go_back(book, board, trails.best)
    assert state_of(board, book, base).total == trails.best.total[0] >= base.total


def test_what_was_tried_and_not_liked_leaves_nothing_behind() -> None:
    one = search(generate(60, 12, 5, seed=3, radomir=True))
    book = book_of(one.moves, one.arrays)
    board = board_of(book, one.local.first(State(one.prep), Iterations(9)))
    trails, work = Trails(new_trail(board), new_trail(board)), new_work(book, new_dice(1))
    before = [np.copy(part) for part in board]
    begin_trail(board, trails.best)
    anneal(book, board, trails, work, HOT, 1, 40)
    assert any(not np.array_equal(part, old) for part, old in zip(board, before, strict=True)), "the control"
    go_back(book, board, trails.best)
    if trails.best.total[0] == before[-1][0]:
        for name, part, old in zip(board._fields, board, before, strict=True):
            if name not in ("runs", "clock", "late"):
                assert np.array_equal(part, old), name
        for s, n in enumerate(board.length):
            assert np.array_equal(board.runs[s, :n], before[0][s, :n])


@pytest.mark.parametrize("seed", range(12))
def test_a_seat_is_found_where_trying_every_order_finds_it(seed: int) -> None:
    one = search(awkward(seed), seed)
    book = book_of(one.moves, one.arrays)
    state = one.local.first(State(one.prep), Iterations(9))
    board = board_of(book, state)
    for r in one.open:
        if state.crew[r] or one.prep.team[r] == 2:
            continue
        mine = {move.seats[0]: move.gain for move in one.moves.everywhere(state, r)}
        for s, worth in one.moves.options.single[r]:
            gain, place, _ = seat(book, board, s, r, worth, 0.0)
            assert (s in mine) == (place >= 0)
            assert place < 0 or gain == mine[s]


@pytest.mark.parametrize("step", [1, 7, 15])
def test_the_latest_arrival_is_the_last_from_which_one_begins_in_time(step: int) -> None:
    for seed in range(4):
        prep = Prepared(replace(random_problem(seed, requests=8), start_step=step))
        arrays = to_arrays(prep)
        for r in range(len(prep.requests)):
            begins = [(t, begin) for t in range(-60, 600) if (begin := begin_at(prep, r, t)) is not None]
            for by in range(0, 600, 61):
                ready = [t for t, begin in begins if begin <= by]
                found = latest(arrays, r, by)
                assert found == max(ready) if ready else found in (-NEVER, *range(-(10**6), -60))


def test_the_same_seed_and_steps_give_the_same_plan_and_more_steps_no_worse_one() -> None:
    totals = []
    for steps in (0, 3, 30, 30):
        one = search(generate(80, 20, 7, seed=5, radomir=True), 8)
        first = one.local.first(State(one.prep), Iterations(9))
        rule = Clocked(Iterations(steps))
        better = one.local.improve(first, rule, 2**60)
        assert rule.done == steps
        totals.append((better.total, better.runs))
    assert totals[2] == totals[3]
    assert totals[0][0] <= totals[1][0] < totals[2][0]


def test_a_pair_from_far_away_is_known_once_it_stands_in_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.engine.options.NEAREST_A_DAY", 1)
    one = search(generate(60, 20, 5, seed=2, radomir=True))
    empty = State(one.prep)
    teams = [r for r in one.open if one.moves.options.is_pair(r)]
    near = {(r, *pair[:2]) for r in teams for pair in one.moves.options.near_pairs(r)}
    far = [move for r in teams for move in one.moves.everywhere(empty, r) if (r, *move.seats) not in near]
    move = far[0]
    empty.apply(move)
    book = book_of(one.moves, one.arrays)
    (strange,) = unknown_pairs(book, empty)
    assert strange == (move.request, *move.seats)
    book = book_of(one.moves, one.arrays, [strange])
    assert unknown_pairs(book, empty) == []
    board = board_of(book, empty)
    assert take_two(book, board, move.request) and board.total[0] == empty.total - move.gain
    better = one.local.improve(empty, Clocked(Iterations(20)), 2**60)
    assert better.total > empty.total and all(better.stands(s) for s in range(len(better.runs)))


def test_what_is_promised_stays_and_a_given_plan_is_never_worse_afterwards() -> None:
    for seed in range(20):
        one = search(awkward(seed))
        state = one.better(one.first(Iterations(0), 2**60), Iterations(5), 2**60)
        plan = Plan(visits(state), (), (), objective(state))
        again = search(one.prep.problem, seed)
        better = again.better(load_state(again.prep, plan), Iterations(20), 2**60, GENTLE)
        assert better.total >= state.total
        assert all(set(promised) <= set(better.crew[r]) for r, promised in enumerate(one.prep.promised))


def test_prizes_of_nothing_are_no_reason_to_stumble() -> None:
    given = problem([volunteer()], [request("r1", prize=0), request("r2", 2, prize=0)], first_visit=0)
    assert planned(given, 40).visits == ()


def test_dice_are_even_and_repeat() -> None:
    dice = new_dice(7)
    counts = np.bincount([below(dice, 6) for _ in range(6000)], minlength=6)
    assert counts.min() > 850 and counts.max() < 1150
    assert 0.48 < np.mean([unit(dice) for _ in range(4000)]) < 0.52
    assert [below(new_dice(7), 1000)] == [below(new_dice(7), 1000)]
    assert new_dice(0)[0] != 0 and ints([1]).dtype == np.int64


def test_warming_up_compiles_what_a_plan_calls() -> None:
    warm(say=False)
    assert all(kernel.signatures for kernel in (anneal, fill, go_back))
