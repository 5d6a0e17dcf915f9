"""Somebody is ill, declines or has other hours: what follows for one request, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matching.check import check
from matching.format import Plan, Problem, ProblemError, Shift, dump_problem, parse_problem
from matching.repair import Away, Change, Changed, Repaired, repair
from matching.stop import Iterations
from tests.matching.build import crews, planned, problem, promise, request, starts, volunteer

TWO_DAYS = [(0, 300), (1440, 1740)]


def repaired(given: Problem, plan: Plan, change: Change, iterations: int = 30) -> Repaired:
    found = repair(given, plan, change, Iterations(iterations), seed=1)
    assert check(found.problem, found.plan).violations == ()
    assert parse_problem(dump_problem(found.problem)) == found.problem
    return found


def kinds(found: Repaired) -> dict[str, tuple[str, bool]]:
    return {one.request: (one.kind, one.confirmed) for one in found.changes}


def ill(name: str, *days: int) -> Change:
    return Change(away=(Away(name, frozenset(days) if days else None),))


def confirmed(*people: Any, start: int = 100, **more: Any) -> tuple[Problem, Plan]:
    """r1 is promised by the first of these people, in the first shift."""
    first = people[0]
    told = promise("r1", {first["id"]: first["shifts"][0]["id"]}, start)
    given = problem(list(people), [request(**more)], [told])
    return given, planned(given)


def test_a_promise_of_somebody_ill_is_kept_at_its_time_by_another() -> None:
    given, plan = confirmed(volunteer("v1"), volunteer("v2", 3), windows=[[0, 300]])
    found = repaired(given, plan, ill("v1"))
    assert crews(found.plan) == {"r1": ("v2",)} and starts(found.plan) == {"r1": 100}
    assert kinds(found) == {"r1": ("kept_time_new_people", True)}


def test_it_moves_to_another_of_its_times_only_where_nobody_can_come_then() -> None:
    later = volunteer("v2", hours=[(150, 300)])
    given, plan = confirmed(volunteer("v1"), later, windows=[[0, 300]])
    found = repaired(given, plan, ill("v1"))
    assert starts(found.plan) == {"r1": 160} and kinds(found) == {"r1": ("moved", True)}
    (one,) = found.changes
    assert one.before is not None and one.before.start == 100 and one.after is not None and one.after.start == 160


def test_it_is_said_to_be_lost_with_the_reason_where_nobody_can_come() -> None:
    given, plan = confirmed(volunteer("v1"), volunteer("v2", 5, max_leg=10), windows=[[0, 300]])
    found = repaired(given, plan, ill("v1"))
    (one,) = found.changes
    assert (one.kind, one.confirmed, one.after) == ("dropped", True, None)
    assert (one.reason, one.people) == ("no_common_hours", ("v1",))


def test_a_visit_that_nobody_promised_gives_way_to_a_promise_that_lost_its_person() -> None:
    people = [volunteer("v1"), volunteer("v2", hours=[(0, 150)]), volunteer("v3", 5, hours=[(0, 600)])]
    asked = [request("r1", windows=[[90, 150]]), request("r2", prize=900, duration=90)]
    given = problem(people, asked, [promise("r1", {"v1": "v1-0"}, 100)], continuity=0)
    plan = planned(problem(people, asked, [promise("r1", {"v1": "v1-0"}, 100)], travel=1))
    assert crews(plan)["r2"] in (("v2",), ("v1",))
    found = repaired(given, plan, ill("v1"))
    assert starts(found.plan)["r1"] == 100 and "r1" in crews(found.plan)
    assert kinds(found)["r1"] == ("kept_time_new_people", True)


def test_a_promise_outside_its_windows_can_only_move() -> None:
    given, plan = confirmed(volunteer("v1"), volunteer("v2"), windows=[[200, 300]])
    found = repaired(given, plan, ill("v1"))
    assert starts(found.plan) == {"r1": 200} and kinds(found) == {"r1": ("moved", True)}


def test_somebody_away_on_one_day_keeps_the_other_days() -> None:
    person = volunteer("v1", hours=TWO_DAYS)
    asked = [request("r1", windows=[[0, 300]]), request("r2", windows=[[1440, 1740]])]
    given = problem([person], asked, [promise("r1", {"v1": "v1-0"}, 50), promise("r2", {"v1": "v1-1"}, 1500)])
    found = repaired(given, planned(given), ill("v1", 0))
    assert starts(found.plan) == {"r2": 1500} and kinds(found) == {"r1": ("dropped", True)}
    assert [s.id for v in found.problem.volunteers for s in v.shifts] == ["v1-1"]


def test_of_two_who_promised_one_stays_and_another_joins_at_the_same_time() -> None:
    people = [volunteer("v1"), volunteer("v2"), volunteer("v3", 2)]
    told = [promise("r1", {"v1": "v1-0", "v2": "v2-0"}, 120)]
    given = problem(people, [request(team=2)], told)
    found = repaired(given, planned(given), ill("v1"))
    assert crews(found.plan) == {"r1": ("v2", "v3")} and starts(found.plan) == {"r1": 120}
    alone = problem(people[:2], [request(team=2)], told)
    found = repaired(alone, planned(alone), ill("v1"))
    assert crews(found.plan) == {"r1": ("v2",)}
    assert kinds(found) == {"r1": ("seat_open", True)} and found.changes[0].reason == "no_common_hours"


def test_who_declines_is_not_asked_again() -> None:
    given = problem([volunteer("v1"), volunteer("v2", 4)], [request()])
    plan = planned(given)
    found = repaired(given, plan, Change(declined=(("r1", "v1"),)))
    assert crews(plan) == {"r1": ("v1",)} and crews(found.plan) == {"r1": ("v2",)}
    assert found.problem.requests[0].blocked == {"v1"}
    only = problem([volunteer("v1")], [request()])
    (one,) = repaired(only, planned(only), Change(declined=(("r1", "v1"),))).changes
    assert (one.kind, one.confirmed, one.reason) == ("dropped", False, "all_blocked")


def test_edited_hours_take_no_promise_away_and_free_what_no_longer_fits() -> None:
    person = volunteer("v1", hours=TWO_DAYS)
    asked = [request("r1", windows=[[0, 300]]), request("r2", 2, windows=[[0, 300]])]
    given = problem([person], asked, [promise("r1", {"v1": "v1-0"}, 60)])
    plan = planned(given)
    assert crews(plan) == {"r1": ("v1",), "r2": ("v1",)}
    found = repaired(given, plan, Change(hours={"v1": (Shift("other", 1440, 1740, 0, 1),)}))
    assert starts(found.plan) == {"r1": 60} and kinds(found) == {"r2": ("dropped", False)}
    shifts = {s.id: s.closed for s in found.problem.volunteers[0].shifts}
    assert shifts == {"other": False, "v1-0": True}
    found = repaired(given, plan, Change(hours={"v1": (Shift("longer", 0, 400, 0, 0),)}))
    assert found.changes == () and found.problem.promises[0].shifts == ("longer",)


def test_the_others_stay_where_they_are_for_the_weight_of_stability() -> None:
    people = [volunteer("v1", 1), volunteer("v2", 2)]
    given = problem(people, [request("r1", 1), request("r2", 2)])
    plan = planned(given)
    swapped = replace(given, volunteers=(given.volunteers[1], given.volunteers[0]))
    assert crews(plan) == {"r1": ("v1",), "r2": ("v2",)}
    assert repaired(swapped, plan, ill("v1", 7)).changes == ()
    calm = repaired(given, plan, Change(away=(Away("v1"),), stability=5000))
    assert kinds(calm) == {"r1": ("kept_time_new_people", False)} or kinds(calm) == {"r1": ("moved", False)}
    assert calm.plan.objective.stability == 5000 and len(calm.problem.standing) == 1


def test_new_hours_serve_somebody_who_waited() -> None:
    given = problem([volunteer("v1", hours=[(0, 20)])], [request()])
    found = repaired(given, planned(given), Change(hours={"v1": (Shift("n", 0, 200, 0, 0),)}))
    assert [(one.request, one.kind, one.before) for one in found.changes] == [("r1", "new", None)]
    assert isinstance(found.changes[0], Changed)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("away[0].volunteer", ill("v9")),
        ("declined[0].volunteer", Change(declined=(("r1", "v9"),))),
        ("declined[0].request", Change(declined=(("r9", "v1"),))),
        ("hours", Change(hours={"v9": ()})),
        ("hours.v1[0].id", Change(hours={"v1": (Shift("v2-0", 0, 9, 0, 0),)})),
    ],
)
def test_a_change_of_somebody_unknown_is_refused_by_name(path: str, change: Change) -> None:
    given = problem([volunteer("v1"), volunteer("v2")], [request()])
    with pytest.raises(ProblemError) as error:
        repair(given, planned(given), change, Iterations(1))
    assert error.value.path == path
