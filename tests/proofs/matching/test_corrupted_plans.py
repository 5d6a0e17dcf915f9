"""The judge: the published example passes, and every kind of corruption is seen for what it is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import matching.check
from matching.check import check
from matching.format import Objective, Plan, ProblemError, Unserved, dump_plan, parse_plan, parse_problem, read_json
from tests.matching.build import planned, problem, promise, request, volunteer
from tests.matching.pages import PLAN, PROBLEM

EXAMPLE = parse_problem(read_json(PROBLEM))

PEOPLE = [
    volunteer("v1", max_visits_per_week=3, max_leg=30, max_travel_per_shift=70, done={"0": 0}),
    volunteer("v2", 1, languages=["bg", "tr"], hours=[(0, 300), (1440, 1740)]),
    volunteer("v3", 2, skills=["B"], hours=[(0, 300)]),
    volunteer("v4", 2, languages=["tr"], hours=[(0, 300)]),
]
ASKED = [
    request("r1", 1, windows=[[0, 200]]),
    request("r2", 2, team=2, windows=[[0, 200]]),
    request("r3", 3, blocked=["v2"]),
    request("r4", 1, skills=["Z"]),
    request("r5", 5, windows=[[0, 290]], released_day=1),
    request("r6", 0),
]
GIVEN = problem(PEOPLE, ASKED, [promise("r6", {"v1": "v1-0"}, 150)], kth_visit_in_week=1)


def visit(name: str, crew: dict[str, str], start: int) -> Any:
    return {"request": name, "volunteers": list(crew), "shifts": list(crew.values()), "start": start}


def a_plan() -> Any:
    return dump_plan(planned(GIVEN))


def codes(given: Any, plan: Any) -> set[str]:
    return {violation.code for violation in check(given, parse_plan(plan)).violations}


def with_visits(*visits: Any) -> Any:
    """A plan of the promise and these visits that lies about nothing else than its numbers."""
    plan = a_plan()
    plan["visits"] = [visit("r6", {"v1": "v1-0"}, 150), *visits]
    return plan


def test_the_published_example_passes_term_by_term() -> None:
    report = check(EXAMPLE, parse_plan(read_json(PLAN)))
    assert report.violations == ()
    assert report.objective == Objective(980, 1000, -18, 0, 0, 0, -2, 0)


def test_the_solver_finds_the_published_plan() -> None:
    ours, published = planned(EXAMPLE), parse_plan(read_json(PLAN))
    assert [replace(v, why=()) for v in ours.visits] == list(published.visits)
    assert ours.objective == published.objective


def test_the_plan_that_is_corrupted_below_is_legal_as_it_stands() -> None:
    assert codes(GIVEN, a_plan()) == set()


@pytest.mark.parametrize(
    ("code", "visits"),
    [
        ("unknown_request", [visit("r9", {"v1": "v1-0"}, 30)]),
        ("visited_twice", [visit("r1", {"v2": "v2-0"}, 30), visit("r1", {"v1": "v1-0"}, 30)]),
        ("unknown_volunteer", [visit("r1", {"v9": "v1-0"}, 30)]),
        ("unknown_shift", [visit("r1", {"v1": "v2-0"}, 30)]),
        ("unknown_shift", [visit("r1", {"v1": "v1-7"}, 30)]),
        ("seats_broken", [{"request": "r1", "volunteers": ["v1"], "shifts": [], "start": 30}]),
        ("seats_broken", [{"request": "r1", "volunteers": [], "shifts": [], "start": 30}]),
        ("same_person_twice", [{"request": "r2", "volunteers": ["v1"] * 2, "shifts": ["v1-0"] * 2, "start": 30}]),
        ("team_size", [visit("r2", {"v2": "v2-0"}, 30)]),
        ("team_size", [visit("r1", {"v1": "v1-0", "v2": "v2-0"}, 30)]),
        ("nobody_skilled", [visit("r1", {"v3": "v3-0"}, 30)]),
        ("language", [visit("r1", {"v4": "v4-0"}, 30)]),
        ("language", [visit("r2", {"v2": "v2-0", "v4": "v4-0"}, 30)]),
        ("blocked", [visit("r3", {"v2": "v2-0"}, 50)]),
        ("too_far", [visit("r5", {"v1": "v1-0"}, 50)]),
        ("before_release", [visit("r5", {"v2": "v2-0"}, 50)]),
        ("window", [visit("r1", {"v2": "v2-0"}, 171)]),
        ("different_days", [visit("r2", {"v2": "v2-1", "v3": "v3-0"}, 1500)]),
        ("late", [visit("r1", {"v1": "v1-0"}, 9)]),
        ("late", [visit("r1", {"v1": "v1-0"}, 121)]),
        ("home_late", [visit("r3", {"v1": "v1-0"}, 241)]),
        ("travel_limit", [visit("r3", {"v1": "v1-0"}, 60), visit("r1", {"v1": "v1-0"}, 190)]),
        ("team_split", [visit("r2", {"v2": "v2-0", "v3": "v3-0"}, 30), visit("r1", {"v2": "v2-0"}, 100)]),
        ("not_listed", []),
        ("served_and_listed", [visit("r4", {"v2": "v2-0"}, 30)]),
        ("objective", []),
    ],
)
def test_a_broken_visit_is_seen(code: str, visits: list[Any]) -> None:
    assert code in codes(GIVEN, with_visits(*visits))


def _drop_promise(plan: Any) -> None:
    plan["visits"] = [v for v in plan["visits"] if v["request"] != "r6"]


def _move_promise(plan: Any) -> None:
    next(v for v in plan["visits"] if v["request"] == "r6")["start"] = 151


def _give_promise_away(plan: Any) -> None:
    next(v for v in plan["visits"] if v["request"] == "r6").update(volunteers=["v2"], shifts=["v2-0"])


def _set(key: str, value: Any) -> Callable[[Any], None]:
    return lambda plan: plan.update({key: value})


def _points(term: str) -> Callable[[Any], None]:
    return lambda plan: plan["objective"].update({term: plan["objective"].get(term, 0) + 1})


def _reason(reason: str) -> Callable[[Any], None]:
    return lambda plan: plan["unserved"][0].update(reason=reason)


@pytest.mark.parametrize(
    ("code", "corrupt"),
    [
        ("promise_dropped", _drop_promise),
        ("promise_moved", _move_promise),
        ("promise_people", _give_promise_away),
        ("promise_conflicts", _set("promise_conflicts", ["v1-0"])),
        ("not_listed", _set("unserved", [])),
        ("listed_twice", lambda plan: plan.update(unserved=plan["unserved"] * 2)),
        ("unknown_request", lambda plan: plan["unserved"][0].update(request="r9")),
        ("unknown_volunteer", lambda plan: plan["unserved"][0].update({"with": ["v9"]})),
        ("wrong_reason", _reason("too_far")),
        ("wrong_reason", _reason("taken_by_others")),
        *(("objective", _points(term)) for term in Objective.__slots__),
        ("bound", lambda plan: plan.update(bound=plan["objective"]["total"] - 1)),
        ("gap", _set("gap", 0.5)),
        ("gap", _set("bound", None)),
        ("status", lambda plan: plan.update(status="optimal", bound=plan["objective"]["total"] + 1)),
        ("status", lambda plan: plan.update(status="optimal", bound=None, gap=None)),
    ],
)
def test_a_plan_that_lies_is_seen(code: str, corrupt: Callable[[Any], None]) -> None:
    plan = a_plan()
    corrupt(plan)
    assert code in codes(GIVEN, plan)


def test_the_order_of_the_unserved_is_that_of_the_requests() -> None:
    given = problem([volunteer()], [request("r1", skills=["Y"]), request("r2", skills=["Z"])])
    plan = dump_plan(planned(given))
    assert codes(given, plan) == set()
    plan["unserved"].reverse()  # type: ignore[attr-defined]
    assert codes(given, plan) == {"unserved_order"}


def test_the_weekly_limit_counts_promises_and_what_was_done() -> None:
    given = problem([volunteer(max_visits_per_week=2, done={"0": 1})], [request(), request("r2")])
    fine = planned(given)
    assert "week_limit" not in {v.code for v in check(given, fine).violations}
    over = replace(fine, visits=(*fine.visits, replace(fine.visits[0], request="r2", start=100)))
    assert "week_limit" in {v.code for v in check(given, over).violations}


def test_a_closed_shift_and_a_shift_in_conflict_take_nothing_new() -> None:
    closed = volunteer()
    closed["shifts"][0]["closed"] = True
    given = problem([closed], [request()])
    plan = dump_plan(planned(given)) | {"visits": [visit("r1", {"v1": "v1-0"}, 30)]}
    assert "closed_shift" in codes(given, plan)
    stands = [promise("r1", {"v1": "v1-0"}, 5)]
    people = [volunteer(), volunteer("v2")]
    given = problem(people, [request("r1", 3, team=2), request("r2")], stands)
    held = visit("r1", {"v1": "v1-0"}, 5)
    plan = dump_plan(planned(given)) | {"visits": [held, visit("r2", {"v1": "v1-0"}, 100)]}
    assert "shift_in_conflict" in codes(given, plan)
    plan = dump_plan(planned(given)) | {"visits": [visit("r1", {"v1": "v1-0", "v2": "v2-0"}, 5)]}
    assert "conflict_filled" in codes(given, plan)


def test_unknown_keys_in_a_plan_are_ignored_and_unreadable_ones_named() -> None:
    plan = a_plan() | {"colour": "blue"}
    plan["visits"][0]["note"] = {"a": 1}
    assert codes(GIVEN, plan) == set()
    for path, value in (("seed", "one"), ("status", "perfect"), ("objective", {"total": 1}), ("visits", [{}])):
        with pytest.raises(ProblemError) as caught:
            parse_plan(a_plan() | {path: value})
        assert caught.value.path.startswith(path)


def test_a_plan_is_read_back_as_it_was_written() -> None:
    plan = planned(GIVEN)
    assert parse_plan(dump_plan(plan)) == plan
    assert isinstance(plan, Plan) and isinstance(plan.unserved[0], Unserved)


def test_the_judge_knows_nothing_of_the_optimiser() -> None:
    for path in Path(matching.check.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                ours = module.startswith("matching")
                assert not ours or module.startswith(("matching.check", "matching.format")), (path.name, module)
