"""Small random problems that use every rule, and the best total among all their legal plans."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations, product

from matching.check.board import Board
from matching.check.eligibility import judge_seats
from matching.check.measure import departure, entry, origin
from matching.check.runs import judge_runs
from matching.check.terms import measure
from matching.format import (
    Objective,
    Plan,
    Problem,
    Promise,
    Request,
    Shift,
    Standing,
    Travel,
    Visit,
    Volunteer,
    Weights,
)

NOTHING = Objective(0, 0, 0, 0, 0, 0, 0, 0)
PLACES = 5


def random_problem(seed: int, requests: int = 3, volunteers: int = 3) -> Problem:
    """A problem small enough to try every plan; the matrix is asymmetric and breaks the triangle inequality."""
    rng = random.Random(seed)
    legs = {mode: _matrix(rng) for mode in ("car", "foot")}
    people = tuple(_volunteer(rng, f"v{i}") for i in range(rng.randint(1, volunteers)))
    asked = tuple(_request(rng, f"r{i}") for i in range(rng.randint(1, requests)))
    weights = Weights(
        travel=rng.choice((0, 1, 3)),
        day_waited=rng.choice((0, 4, 30)),
        continuity=rng.choice((0, 25)),
        preferred=rng.choice((0, 15)),
        kth_visit_in_week=rng.choice((0, 2, 40)),
        over_wish=rng.choice((0, 10)),
        first_visit=rng.choice((0, 30)),
        scarcity=rng.choice(({}, {"A": 7, "B": 20})),
    )
    problem = Problem(Travel(matrix=legs), weights, people, asked)
    problem = replace(problem, promises=_promises(rng, problem))
    weights = replace(weights, stability=rng.choice((0, 0, 15, 60)))
    return replace(problem, weights=weights, standing=_standing(rng, problem))


def _matrix(rng: random.Random) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(0 if a == b else rng.choice((5, 10, 10, 20, 45)) for b in range(PLACES)) for a in range(PLACES))


def _volunteer(rng: random.Random, name: str) -> Volunteer:
    shifts = []
    for index in range(rng.choice((1, 1, 2))):
        start = index * 300 + rng.choice((0, 30))
        shifts.append(
            Shift(
                f"{name}-{index}",
                start,
                start + rng.choice((120, 200, 270)),
                week=rng.choice((0, index)),
                day=index,
                from_place=rng.choice((None, None, None, 2)),
                to_place=rng.choice((None, None, None, 3)),
                closed=rng.random() < 0.1,
            )
        )
    return Volunteer(
        id=name,
        home=rng.randrange(PLACES),
        mode=rng.choice(("car", "foot")),
        skills=frozenset(s for s in "AB" if rng.random() < 0.75),
        languages=frozenset({"bg"} if rng.random() < 0.9 else {"tr"}),
        max_visits_per_week=rng.choice((1, 2, 3, 9)),
        shifts=tuple(shifts),
        wish_per_week=rng.choice((None, 1)),
        done={0: 1} if rng.random() < 0.2 else {},
        max_leg=rng.choice((None, None, 20)),
        max_travel_per_shift=rng.choice((None, None, 60, 30)),
        idle=rng.random() < 0.3,
    )


def _request(rng: random.Random, name: str) -> Request:
    kind = rng.choice(("HOME_VISIT", "HOME_VISIT", "HOME_VISIT", "HELP_POINT", "ESCORT", "PHONE_HELP"))
    windows = []
    for opens in (0, 300):
        if rng.random() < 0.8:
            begin = opens + rng.choice((0, 20, 60))
            windows.append((begin, begin + rng.choice((40, 100, 200))))
    return Request(
        id=name,
        kind=kind,
        place=None if kind == "PHONE_HELP" else rng.randrange(PLACES),
        end_place=rng.randrange(PLACES) if kind == "ESCORT" else None,
        skills=frozenset(rng.choice(("A", "B", "AB", ""))),
        language="bg",
        duration=rng.choice((10, 30, 60)),
        windows=tuple(windows),
        prize=rng.choice((20, 100, 300)),
        released_day=rng.choice((-2, 0, 0, 1)),
        team=2 if kind != "PHONE_HELP" and rng.random() < 0.4 else 1,
        preferred=frozenset({"v0"} if rng.random() < 0.2 else ()),
        blocked=frozenset({"v1"} if rng.random() < 0.2 else ()),
        earlier=rng.choice((None, None, "v0", "v2", "gone")),
    )


def _promises(rng: random.Random, problem: Problem) -> tuple[Promise, ...]:
    """Sometimes sensible, sometimes impossible: promises may break every rule."""
    result = []
    for request in problem.requests:
        if rng.random() > 0.3:
            continue
        crews = [c for size in range(1, request.team + 1) for c in crews_of(problem, size)]
        if crews:
            crew = rng.choice(crews)
            start = min(s.start for _, s in crew) + rng.choice((5, 20, 45, 90, 150))
            people, shifts = tuple(v.id for v, _ in crew), tuple(s.id for _, s in crew)
            result.append(Promise(request.id, people, shifts, start))
    rng.shuffle(result)
    return tuple(result)


def _standing(rng: random.Random, problem: Problem) -> tuple[Standing, ...]:
    """In a third of the problems, what people were told; it may be kept, or not be possible at all."""
    if rng.random() < 0.67:
        return ()
    result = []
    for request in problem.requests:
        crews = crews_of(problem, request.team)
        if crews and rng.random() < 0.6:
            crew = rng.choice(crews)
            start = min(s.start for _, s in crew) + rng.choice((5, 20, 45, 90))
            result.append(Standing(request.id, tuple(v.id for v, _ in crew), tuple(s.id for _, s in crew), start))
    return tuple(result)


def crews_of(problem: Problem, size: int) -> list[tuple[tuple[Volunteer, Shift], ...]]:
    """All choices of `size` people with a shift each, of one day."""
    seats = [(v, s) for v in problem.volunteers for s in v.shifts]
    return [
        crew
        for crew in combinations(seats, size)
        if len({v.id for v, _ in crew}) == size and len({s.day for _, s in crew}) == 1
    ]


def best_total(problem: Problem) -> int:
    """The total of the best legal plan, by trying every crew for every request in every order."""
    best: int | None = None
    choices = [list(_choices(problem, request)) for request in problem.requests]
    for assignment in product(*choices):
        staffed = [(r, crew) for r, crew in zip(problem.requests, assignment, strict=True) if crew]
        for order in permutations(staffed):
            visits = _in_order(problem, order)
            if visits is None:
                continue
            board = Board(problem, _plan(visits))
            if board.violations or any(judge_seats(board)) or any(judge_runs(board)):
                continue
            total = measure(board).total
            best = total if best is None else max(best, total)
    assert best is not None, "the promises alone are always legal"
    return best


def _plan(visits: list[Visit]) -> Plan:
    return Plan(tuple(visits), (), (), NOTHING)


def _choices(problem: Problem, request: Request) -> Iterator[tuple[tuple[Volunteer, Shift], ...]]:
    promise = next((p for p in problem.promises if p.request == request.id), None)
    if promise is None:
        yield ()
        yield from (c for c in crews_of(problem, request.team) if _may_sit(problem, request, c))
        return
    by_id = {s.id: (v, s) for v in problem.volunteers for s in v.shifts}
    there = tuple(by_id[s] for s in promise.shifts)
    yield there
    if len(there) < request.team:
        for (helper,) in crews_of(problem, 1):
            if helper[0].id not in promise.volunteers:
                yield (*there, helper)


def _may_sit(problem: Problem, request: Request, crew: tuple[tuple[Volunteer, Shift], ...]) -> bool:
    visit = Visit(request.id, tuple(v.id for v, _ in crew), tuple(s.id for _, s in crew), 0)
    alone = replace(problem, promises=())
    return all(v.code == "window" for v in judge_seats(Board(alone, _plan([visit]))))


def _in_order(
    problem: Problem, order: tuple[tuple[Request, tuple[tuple[Volunteer, Shift], ...]], ...]
) -> list[Visit] | None:
    """Visits with each start as early as this order allows; None where a window is missed."""
    matrix = problem.travel.matrix or {}
    fixed = {p.request: p.start for p in problem.promises}
    here: dict[str, tuple[int, int]] = {}
    visits = []
    for request, crew in order:
        ready = 0
        for volunteer, shift in crew:
            place, clock = here.get(shift.id, (origin(volunteer, shift), shift.start))
            ready = max(ready, clock + matrix[volunteer.mode][place][entry(request, volunteer)])
        starts = [max(ready, a) for a, b in request.windows if max(ready, a) + request.duration <= b]
        start = fixed.get(request.id, min(starts, default=None))
        if start is None:
            return None
        for volunteer, shift in crew:
            here[shift.id] = departure(request, volunteer), start + request.duration
        visits.append(Visit(request.id, tuple(v.id for v, _ in crew), tuple(s.id for _, s in crew), start))
    return visits
