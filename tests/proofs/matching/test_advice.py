"""What is advised is true: the difference of two best plans, found by trying every plan; and never nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matching.advise import Advice, advise
from matching.format import Problem, Unserved
from matching.prices import prices
from matching.proposals import proposals
from matching.solve import Result, solve
from matching.stop import Iterations
from matching.wider import MORE_HOURS, NEW_VOLUNTEER, TRAINING, More, widened
from tests.matching.build import planned, problem, request, volunteer
from tests.matching.small import NOTHING, best_total, random_problem
from tests.sizes import size

ENOUGH = Iterations(300)
EXAMPLES = size(40, 400, "random problems whose advice is proved against brute force")
DAY = 1440
TUESDAY = [[DAY + 840, DAY + 1080]]


def short_of_people(seed: int) -> Problem:
    """A random problem, where often nobody holds a skill, or everybody has hours on one day only."""
    given = random_problem(seed, requests=3, volunteers=2)
    people = given.volunteers
    if seed % 3 == 1:
        people = tuple(replace(v, skills=v.skills - {"B"}) for v in people)
    elif seed % 3 == 2 and not (given.promises or given.standing):
        people = tuple(replace(v, shifts=v.shifts[i % 2 :][:1], max_leg=None) for i, v in enumerate(people))
    return replace(given, volunteers=people)


def asked_of(given: Problem) -> tuple[list[Advice], list[More]]:
    """The advice, and every change it was chosen from."""
    plan = solve(given, ENOUGH, 1).plan
    unserved = [entry.request for entry in plan.unserved]
    tried = proposals(given, unserved, prices(given, plan, ENOUGH, 1), 20)
    return advise(given, plan, ENOUGH, 1, most=20), [proposal.more for proposal in tried]


def change_of(given: Problem, advice: Advice, tried: list[More]) -> More:
    """The one change that an advice is about."""
    places = {r.id: r.place for r in given.requests}
    for more in tried:
        hours = None if more.shift is None else (more.shift.day, more.shift.start, more.shift.end)
        person = None if more.kind == NEW_VOLUNTEER else more.volunteer.id
        near = None if more.near is None else places[more.near]
        languages = tuple(sorted(more.volunteer.languages)) if more.kind == NEW_VOLUNTEER else ()
        said = (advice.day, advice.start, advice.end) if advice.day is not None else None
        if (more.kind, person, near, hours, tuple(sorted(more.skills)), languages) == (
            *(advice.kind, advice.volunteer, advice.place, said, advice.skills, advice.languages),
        ):
            return more
    raise AssertionError(f"nobody proposed {advice}")


def by_hand(given: Problem, advice: Advice, tried: list[More]) -> Problem:
    """The changed problem, for a training from the words of the advice alone."""
    if advice.kind != TRAINING:
        return widened(given, change_of(given, advice, tried))
    people = tuple(
        replace(v, skills=v.skills | set(advice.skills)) if v.id == advice.volunteer else v for v in given.volunteers
    )
    return replace(given, volunteers=people)


def test_the_number_quoted_is_the_difference_of_two_best_plans_found_by_trying_all() -> None:
    seen = {NEW_VOLUNTEER: 0, TRAINING: 0, MORE_HOURS: 0}
    for seed in range(7000, 7000 + EXAMPLES):
        given = short_of_people(seed)
        found, tried = asked_of(given)
        best = best_total(given) if found else 0
        for advice in found:
            assert advice.proved, seed
            after = best_total(by_hand(given, advice, tried))
            assert advice.more_points == after - best, (seed, advice)
            assert 1 <= advice.more_served <= len(advice.requests), (seed, advice)
            seen[advice.kind] += 1
    assert min(seen.values()) >= EXAMPLES // 20, seen


def test_what_is_proposed_and_gains_no_point_is_never_said() -> None:
    """And what is left out although it gains points serves nobody more, or the same as another advice of its kind."""
    silent = 0
    for seed in range(8000, 8000 + EXAMPLES // 2):
        given = short_of_people(seed)
        found, tried = asked_of(given)
        said = [change_of(given, advice, tried) for advice in found]
        for more in (more for more in tried if more not in said):
            silent += 1
            plan = solve(given, ENOUGH, 1).plan
            wider = solve(widened(given, more), ENOUGH, 1, plan).plan
            if wider.status == plan.status == "optimal" and len(wider.unserved) < len(plan.unserved):
                now = {entry.request for entry in plan.unserved} - {entry.request for entry in wider.unserved}
                alike = [advice for advice in found if advice.kind == more.kind]
                assert any(now <= set(advice.requests) for advice in alike) or wider.objective.total <= (
                    plan.objective.total
                ), (seed, more)
    assert silent


def shift(day: int, start: int, end: int, name: str = "v1") -> dict[str, Any]:
    return {"id": f"{name}-{day}", "start": day * DAY + start, "end": day * DAY + end, "week": 0, "day": day}


@pytest.mark.parametrize("waiting", [1, 2, 3, 4, 5])
def test_so_many_pensions_in_one_village_on_tuesday_afternoon(waiting: int) -> None:
    """Four half-hours fit from two to four: training the one who is there serves up to four."""
    there = volunteer("ivan", 2, shifts=[shift(1, 840, 960, "ivan")])
    elsewhere = volunteer("maria", 5, shifts=[shift(0, 540, 600, "maria")], skills=["PENSION"])
    given = problem([there, elsewhere], [
        request(f"p{n}", 2, skills=["PENSION"], windows=TUESDAY) for n in range(waiting)
    ])  # fmt: skip
    found = advise(given, planned(given), Iterations(200), 1)
    training = next(advice for advice in found if advice.kind == TRAINING)
    assert (training.volunteer, training.skills) == ("ivan", ("PENSION",))
    assert training.more_served == len(training.requests) == min(waiting, 4) and training.proved
    assert {advice.more_served for advice in found if advice.kind == NEW_VOLUNTEER} == {waiting}


def test_what_further_search_finds_alone_is_no_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first search finds nothing, all later ones everything: none of it is due to what is new."""
    people = [volunteer(f"v{n}", 0, hours=[(0, 200)]) for n in range(3)]
    given = problem(people, [request(f"r{n}", 1, windows=[[0, 200]]) for n in range(6)])
    full = planned(given)
    open_still = tuple(Unserved(r.id, "taken_by_others", ()) for r in given.requests)
    empty = replace(full, visits=(), unserved=open_still, status="feasible", objective=NOTHING)
    solved = []

    def lame(asked: Problem, *more: Any) -> Result:
        solved.append(asked)
        return Result(empty, 0) if len(solved) == 1 else solve(asked, *more)

    monkeypatch.setattr("matching.advise.solve", lame)
    assert full.unserved == () and advise(given, empty, Iterations(200), 1) == []
    assert len(solved) > 2
