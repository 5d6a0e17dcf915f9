"""Ways to seat one request, by hand: who, when, what it changes for others, and who must be told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matching.check import check
from matching.format import Plan, Problem
from matching.insert import Alternative, Desk, Moved, Seat, dump_alternative
from tests.matching.build import Json, crews, problem, promise, request, starts, volunteer
from tests.matching.seats import standing_plan


def desk(people: list[Json], asked: list[Json], promises: Any = (), **weights: Any) -> tuple[Problem, Desk]:
    """The plan of all but the last request."""
    given = problem(people, asked, promises, **weights)
    return given, Desk(given, standing_plan(given, 20, given.requests[-1].id))


def carried_out(given: Problem, at: Desk, way: Alternative) -> Plan:
    before = at.plan.objective.total
    plan = at.apply(way)
    assert check(given, plan).violations == ()
    assert plan.objective.total == before + way.gain
    return plan


def test_the_nearest_comes_first_and_everything_is_said() -> None:
    given, at = desk([volunteer("far", 4), volunteer("near", 1)], [request()])
    first, second = at.insert("r1")
    assert (first.volunteers, first.shifts, first.start, first.gain, first.travel) == (
        ("near",),
        ("near-0",),
        0,
        1000,
        0,
    )
    assert (second.volunteers, second.start, second.gain, second.travel) == (("far",), 30, 940, 60)
    assert first.moved == () and not first.needs_coordinator
    assert {why["code"] for why in first.why} == {"skilled", "near", "few_visits"}
    assert crews(carried_out(given, at, first)) == {"r1": ("near",)} and at.plan.unserved == ()


def test_a_visit_before_another_moves_it_and_that_is_said() -> None:
    given, at = desk([volunteer()], [request("r1", 2), request("r2", 1, windows=[[0, 50]])])
    way = at.insert("r2")[0]
    assert way.moved == (Moved("r1", 20, 50),) and way.start == 10
    assert starts(carried_out(given, at, way)) == {"r1": 50, "r2": 10}


def test_where_it_can_a_visit_comes_after_the_others_and_they_stay() -> None:
    given, at = desk([volunteer()], [request("r1", 1), request("r2", 1)])
    way = at.insert("r2")[0]
    assert way.moved == () and way.start == 40
    assert starts(carried_out(given, at, way)) == {"r1": 10, "r2": 40}


def test_a_visit_gives_way_to_another_seat_and_a_coordinator_is_needed() -> None:
    people = [volunteer("v1", hours=[(0, 50)]), volunteer("v2", 3, hours=[(0, 60)], skills=["A"])]
    asked = [request("r1", 1), request("r2", 1, preferred=["v1"], blocked=["v2"])]
    given, at = desk(people, asked)
    assert crews(at.plan) == {"r1": ("v1",)}
    ways = at.insert("r2")
    assert [(way.volunteers, way.needs_coordinator) for way in ways] == [(("v1",), True)]
    assert ways[0].displaced is not None
    assert (ways[0].displaced.was, ways[0].displaced.becomes) == (Seat(("v1",), ("v1-0",), 10), None)
    plan = carried_out(given, at, ways[0])
    assert [(entry.request, entry.reason) for entry in plan.unserved] == [("r1", "taken_by_others")]
    people[1] = volunteer("v2", 3, hours=[(0, 100)], skills=["A"])
    given, at = desk(people, asked)
    (way,) = at.insert("r2")
    assert way.displaced is not None and way.displaced.becomes == Seat(("v2",), ("v2-0",), 20)
    assert crews(carried_out(given, at, way)) == {"r1": ("v2",), "r2": ("v1",)}


def test_a_promise_never_gives_way() -> None:
    told = [promise("r1", {"v1": "v1-0"}, 10)]
    _, at = desk([volunteer(hours=[(0, 50)])], [request("r1"), request("r2", prize=9000)], told)
    assert at.insert("r2") == []


def test_two_new_people_go_together_and_one_of_them_may_give_up_a_visit() -> None:
    people = [
        volunteer("v1", 1, hours=[(0, 60)]),
        volunteer("v2", 2, hours=[(0, 100)]),
        volunteer("v3", 3, skills=["B"]),
    ]
    asked = [request("r1", 1, blocked=["v2", "v3"]), request("r2", 2, team=2)]
    given, at = desk(people, asked)
    ways = at.insert("r2")
    assert [(set(way.volunteers), way.needs_coordinator) for way in ways[:1]] == [({"v2", "v3"}, False)]
    together = [way for way in ways if "v1" in way.volunteers]
    assert all(way.displaced is not None and way.displaced.request == "r1" for way in together) and together
    assert crews(carried_out(given, at, ways[0]))["r2"] == ("v2", "v3")


def test_a_helper_joins_a_promise_at_its_time() -> None:
    people = [volunteer("v1"), volunteer("v2", 2)]
    given, at = desk(people, [request(team=2)], [promise("r1", {"v1": "v1-0"}, 120)])
    (way,) = at.insert("r1")
    assert (way.volunteers, way.start) == (("v2",), 120)
    assert crews(carried_out(given, at, way)) == {"r1": ("v1", "v2")}
    assert at.insert("r1") == []


def test_only_one_time_may_be_asked_for_and_what_is_fixed_stays_there() -> None:
    given, at = desk([volunteer()], [request("r2", 2, language="none"), request("r1")])
    way = at.insert("r1", at=77)[0]
    assert way.start == 77 and at.insert("r1")[0].start == 10
    plan = carried_out(given, at, way)
    assert starts(plan) == {"r1": 77}
    assert at.insert("r1", at=9999) == []


def test_a_fixed_visit_neither_moves_nor_gives_way() -> None:
    asked = [request("r2", 1, windows=[[0, 100]]), request("r1", 1, windows=[[0, 100]])]
    given = problem([volunteer(hours=[(0, 90)])], asked)
    at = Desk(given, standing_plan(given, 20, "r1", "r2"))
    carried_out(given, at, at.insert("r1", at=40)[0])
    assert [way.moved for way in at.insert("r2")][:1] == [(Moved("r1", 40, 10),)]
    at.fix("r1")
    assert at.insert("r2") == [] or all(way.moved == () and way.displaced is None for way in at.insert("r2"))


def test_an_alternative_of_an_older_plan_is_refused_and_an_unknown_request_is_an_error() -> None:
    _, at = desk([volunteer("v1"), volunteer("v2")], [request()])
    first, second = at.insert("r1")
    at.apply(first)
    with pytest.raises(ValueError, match="the plan has changed"):
        at.apply(second)
    with pytest.raises(KeyError):
        at.insert("r9")


def test_an_alternative_is_written_with_what_a_reader_needs() -> None:
    _, at = desk([volunteer()], [request()])
    written = dump_alternative(at.insert("r1")[0])
    assert set(written) == {
        "request",
        "volunteers",
        "shifts",
        "start",
        "gain",
        "travel",
        "why",
        "moved",
        "displaced",
        "needs_coordinator",
    }


def test_a_plan_that_only_fits_at_odd_minutes_is_gone_on_from() -> None:
    given = problem([volunteer(hours=[(1, 51)]), volunteer("v2", hours=[(1, 200)])], [request("r1"), request("r2")])
    first, second = standing_plan(given, 20, "r1", "r2"), Desk(given, standing_plan(given, 20, "r1", "r2"))
    way = next(way for way in second.insert("r1") if way.volunteers == ("v1",))
    plan = second.apply(way)
    assert first.visits == () and starts(plan) == {"r1": 11}
    stepped = replace(given, start_step=5)
    at = Desk(stepped, plan)
    way = at.insert("r2")[0]
    assert way.volunteers == ("v2",) and starts(carried_out(stepped, at, way))["r1"] == 11
