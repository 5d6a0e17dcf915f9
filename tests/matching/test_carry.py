"""An earlier plan as a beginning: what is still legal stays, what is not goes alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matching.carry import carried
from matching.check import check
from matching.cli import main
from matching.format import Plan, Problem, Visit, dump_plan, dump_problem, parse_plan
from matching.generate import generate
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.build import planned, problem, promise, request, volunteer


def visit(name: str, crew: dict[str, str], start: int) -> Visit:
    return Visit(name, tuple(crew), tuple(crew.values()), start)


def kept(given: Problem, *earlier: Visit) -> dict[str, tuple[tuple[str, ...], int]]:
    """Request → people and start, of a plan that passes every check of a visit."""
    plan = carried(given, earlier)
    wrong = {one.code for one in check(given, plan).violations} - {"not_listed"}
    assert not wrong, wrong
    return {one.request: (one.volunteers, one.start) for one in plan.visits}


NOBODY = volunteer("v9", skills=[], shifts=[])


def test_a_visit_that_still_fits_stays_with_its_start() -> None:
    given = problem([volunteer("v1"), volunteer("v2", home=1)], [request()])
    assert kept(given, visit("r1", {"v1": "v1-0"}, 200)) == {"r1": (("v1",), 200)}


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({"skills": ["B"]}, {}),
        ({"languages": ["tr"]}, {}),
        ({}, {"blocked": ["v1"]}),
        ({"max_leg": 5}, {}),
        ({"hours": [(0, 40)]}, {}),
        ({"max_visits_per_week": 0}, {}),
        ({}, {"windows": [[300, 400]]}),
        ({}, {"released_day": 1}),
        ({}, {"team": 2}),
    ],
)
def test_a_visit_that_is_no_longer_legal_goes_alone(who: Any, what: Any) -> None:
    given = problem([volunteer(**who), volunteer("v2")], [request(**what), request("r2")])
    found = kept(given, visit("r1", {"v1": "v1-0"}, 100), visit("r2", {"v2": "v2-0"}, 50))
    assert found["r2"] == (("v2",), 50) and found.get("r1", ((), 0))[0] != ("v1",)


def test_people_shifts_and_requests_that_are_gone_are_no_error() -> None:
    given = problem([volunteer()], [request()])
    gone = [visit("r7", {"v1": "v1-0"}, 100), visit("r1", {"v7": "v7-0"}, 100), visit("r1", {"v1": "v1-9"}, 100)]
    assert kept(given, *gone, visit("r1", {"v7": "v1-0"}, 100)) == {"r1": (("v1",), 10)}


def test_what_has_become_a_promise_stands_as_promised() -> None:
    stands = [promise("r1", {"v1": "v1-0"}, 60)]
    given = problem([volunteer(), volunteer("v2")], [request(), request("r2")], stands)
    earlier = visit("r1", {"v2": "v2-0"}, 100), visit("r2", {"v1": "v1-0"}, 70)
    assert kept(given, *earlier)["r1"] == (("v1",), 60)


def test_whoever_was_to_go_along_still_goes() -> None:
    stands = [promise("r1", {"v1": "v1-0"}, 60)]
    given = problem([volunteer(), volunteer("v2"), volunteer("v3")], [request(team=2)], stands)
    both = visit("r1", {"v1": "v1-0", "v3": "v3-0"}, 60)
    assert kept(given, both) == {"r1": (("v1", "v3"), 60)}


def test_two_who_go_together_stay_together_or_not_at_all() -> None:
    people = [volunteer("v1"), volunteer("v2"), NOBODY]
    both = visit("r1", {"v1": "v1-0", "v2": "v2-0"}, 100)
    assert kept(problem(people, [request(team=2)]), both) == {"r1": (("v1", "v2"), 100)}
    alone = visit("r2", {"v2": "v2-0"}, 20)
    given = problem(people[:2], [request(team=2, prize=10), request("r2", windows=[[0, 50]])])
    assert kept(given, both, alone)["r2"] == (("v2",), 20)


def test_what_is_new_is_put_in_besides() -> None:
    given = problem([volunteer()], [request(), request("r2")])
    assert set(kept(given, visit("r1", {"v1": "v1-0"}, 100))) == {"r1", "r2"}


def test_the_next_plan_begins_there_and_is_never_worse(tmp_path: Path) -> None:
    given = generate(60, 12, 7, seed=4)
    first = solve(given, Iterations(30), seed=1).plan
    fewer = Problem(**{name: getattr(given, name) for name in given.__slots__} | {"volunteers": given.volunteers[1:]})
    (tmp_path / "p.json").write_text(json.dumps(dump_problem(fewer)))
    (tmp_path / "old.json").write_text(json.dumps(dump_plan(first)))
    name = str(tmp_path / "p.json"), "-o", str(tmp_path / "n.json"), "--iterations", "0"
    assert main(["solve", *name, "--earlier", str(tmp_path / "old.json")]) == 0
    new: Plan = parse_plan(json.loads((tmp_path / "n.json").read_text()))
    assert check(fewer, new).legal
    assert new.objective.total >= carried(fewer, first.visits).objective.total
    gone = given.volunteers[0].id
    stayed = {one.request: one.volunteers for one in first.visits if gone not in one.volunteers}
    same = sum(one.volunteers == stayed.get(one.request) for one in new.visits)
    assert same >= 0.9 * len(stayed)


def test_an_old_plan_of_itself_is_itself() -> None:
    given = problem([volunteer(), volunteer("v2", home=3)], [request(), request("r2", place=2), request("r3", team=2)])
    plan = planned(given)
    assert carried(given, plan.visits).objective.total == plan.objective.total
