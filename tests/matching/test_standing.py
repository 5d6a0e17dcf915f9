"""What people were told and have not promised yet: worth keeping, free to change, and read as strictly as the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from matching.check import check
from matching.format import Problem, ProblemError, Standing, dump_plan, dump_problem, parse_plan, parse_problem
from tests.matching.build import Json, crews, data, planned, promise, request, starts, volunteer


def given(
    volunteers: list[Json], requests: list[Json], told: list[Json], promises: Any = (), **weights: int
) -> Problem:
    return parse_problem(data(volunteers, requests, promises, **weights) | {"standing": told})


def test_a_standing_visit_is_kept_where_the_change_would_gain_less() -> None:
    people, told = [volunteer("v1", 1), volunteer("v2", 2)], [promise("r1", {"v2": "v2-0"}, 50)]
    for stability, who in ((10, "v1"), (30, "v2")):
        plan = planned(given(people, [request()], told, stability=stability))
        assert crews(plan) == {"r1": (who,)}
        assert plan.objective.stability == (30 if who == "v2" else 0)


def test_the_same_people_on_another_day_are_a_change() -> None:
    person = volunteer(hours=[(0, 300), (1440, 1740)])
    asked = [request(windows=[[0, 300]])]
    plan = planned(given([person], asked, [promise("r1", {"v1": "v1-1"}, 1500)], stability=50))
    assert starts(plan) == {"r1": 10} and plan.objective.stability == 0
    both = [request(windows=[[0, 300], [1440, 1740]])]
    plan = planned(given([person], both, [promise("r1", {"v1": "v1-1"}, 1500)], stability=50, day_waited=4))
    assert starts(plan) == {"r1": 1500} and plan.objective.stability == 50


def test_a_team_stands_whoever_is_named_first() -> None:
    people = [volunteer("v1"), volunteer("v2"), volunteer("v3", 3)]
    told = [promise("r1", {"v3": "v3-0", "v1": "v1-0"}, 60)]
    plan = planned(given(people, [request(team=2)], told, stability=500))
    assert crews(plan) == {"r1": ("v1", "v3")} and plan.objective.stability == 500


def test_a_told_start_is_kept_while_the_run_allows_it() -> None:
    plan = planned(given([volunteer()], [request()], [promise("r1", {"v1": "v1-0"}, 77)]))
    assert starts(plan) == {"r1": 77} and plan.objective.stability == 0
    tight = [request("r1"), request("r2", 2, windows=[[0, 80]])]
    plan = planned(given([volunteer()], tight, [promise("r1", {"v1": "v1-0"}, 30)]))
    assert starts(plan) in ({"r1": 10, "r2": 50}, {"r1": 60, "r2": 20})
    short = [volunteer(hours=[(0, 60)])]
    assert starts(planned(given(short, [request()], [promise("r1", {"v1": "v1-0"}, 40)]))) == {"r1": 10}


def test_the_term_is_written_only_where_it_is_not_0_and_read_as_0_where_it_is_missing() -> None:
    told = [promise("r1", {"v1": "v1-0"}, 50)]
    kept = planned(given([volunteer()], [request()], told, stability=7))
    written: Any = dump_plan(kept)
    assert written["objective"]["stability"] == 7 and parse_plan(written) == kept
    plain: Any = dump_plan(planned(given([volunteer()], [request()], told)))
    assert "stability" not in plain["objective"] and parse_plan(plain).objective.stability == 0


def test_the_judge_sees_a_false_stability() -> None:
    problem = given([volunteer()], [request()], [promise("r1", {"v1": "v1-0"}, 50)], stability=7)
    plan = planned(problem)
    objective = replace(plan.objective, stability=0)
    assert {v.code for v in check(problem, replace(plan, objective=objective)).violations} == {"objective"}


def test_a_standing_visit_is_written_and_read_back() -> None:
    problem = given([volunteer()], [request()], [promise("r1", {"v1": "v1-0"}, 50)], stability=7)
    assert problem.standing == (Standing("r1", ("v1",), ("v1-0",), 50),)
    assert parse_problem(dump_problem(problem)) == problem


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("standing[0].colour", {"colour": 1}),
        ("standing[0].request", {"request": "r9"}),
        ("standing[0].volunteers[0]", {"volunteers": ["v9"]}),
        ("standing[0].volunteers", {"volunteers": ["v1", "v2"], "shifts": ["v1-0", "v2-0"]}),
        ("standing[0].volunteers", {"volunteers": []}),
        ("standing[0].shifts[0]", {"shifts": ["v2-0"]}),
        ("standing[0].shifts", {"shifts": []}),
        ("standing[0].start", {"start": 1.5}),
    ],
)
def test_a_wrong_standing_visit_is_refused_by_name(path: str, change: Json) -> None:
    told = promise("r1", {"v1": "v1-0"}, 50) | change
    with pytest.raises(ProblemError) as error:
        given([volunteer("v1"), volunteer("v2")], [request()], [told])
    assert error.value.path == path


def test_one_request_stands_once_and_the_schema_knows_the_keys() -> None:
    told = promise("r1", {"v1": "v1-0"}, 50)
    with pytest.raises(ProblemError, match=r"standing\[1\].request: .* stands in standing twice"):
        given([volunteer()], [request()], [told, told])
    schema = json.loads(files("matching").joinpath("schema", "problem.schema.json").read_text())
    fits = Draft202012Validator(schema).is_valid
    whole = data([volunteer()], [request()], stability=7) | {"standing": [told]}
    assert fits(whole)
    assert not fits(whole | {"standing": [told | {"volunteers": []}]})
    assert not fits(whole | {"weights": {"stability": -1}})
