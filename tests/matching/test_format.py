"""Strict reading: what is wrong is named by its path, what is right is read to the last field."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from matching.format import ProblemError, dump_problem, parse_problem, read_json
from matching.generate import generate
from tests.matching.build import data, promise, request, volunteer
from tests.matching.pages import PROBLEM

NAN = float("nan")


def fresh() -> Any:
    people = [volunteer("v1", hours=[(0, 300), (300, 400)]), volunteer("v2")]
    asked = [request("r1"), request("r2", team=2), request("r3")]
    return data(people, asked, [promise("r1", {"v1": "v1-0"}, 60)], priority={"2": 500})


def put(path: str, value: Any) -> Any:
    """A good problem with one field changed; `path` is a Python expression after the problem."""
    given = fresh()
    exec(f"given{path} = value", {"given": given, "value": value})
    return given


def wrong_path(given: Any) -> str:
    with pytest.raises(ProblemError) as caught:
        parse_problem(given)
    assert str(caught.value).startswith(caught.value.path)
    return caught.value.path


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("['format']", "hvsp/2", "format"),
        ("['colour']", 1, "colour"),
        ("['time_unit']", "second", "time_unit"),
        ("['time_unit']", 60, "time_unit"),
        ("['places']", {}, "places"),
        ("['places']['lat_lon']", [], "places"),
        ("['places']['xy_km'][2]", [1.0], "places.xy_km[2]"),
        ("['places']['xy_km'][2][1]", NAN, "places.xy_km[2][1]"),
        ("['places']['xy_km'][2][1]", "3", "places.xy_km[2][1]"),
        ("['places']", {"lat_lon": [[91.0, 0.0]]}, "places.lat_lon[0][0]"),
        ("['travel']['matrix']", {}, "travel"),
        ("['travel']['rule']['detour']", 0, "travel.rule.detour"),
        ("['travel']['rule']['modes']['car']['kmh']", 0, "travel.rule.modes.car.kmh"),
        ("['travel']['rule']['modes']['car']['kmh']", float("inf"), "travel.rule.modes.car.kmh"),
        ("['travel']['rule']['modes']['car']['fixed']", -1, "travel.rule.modes.car.fixed"),
        ("['travel']['rule']['same_place']", 1.5, "travel.rule.same_place"),
        ("['weights']['travel']", -1, "weights.travel"),
        ("['weights']['travel']", 10**7 + 1, "weights.travel"),
        ("['weights']['love']", 1, "weights.love"),
        ("['weights']['scarcity']", {"A": True}, "weights.scarcity.A"),
        ("['weights']['priority']", [], "weights.priority"),
        ("['volunteers'][1]['id']", "v1", "volunteers[1].id"),
        ("['volunteers'][1]['id']", 7, "volunteers[1].id"),
        ("['volunteers'][0]['home']", 6, "volunteers[0].home"),
        ("['volunteers'][0]['home']", -1, "volunteers[0].home"),
        ("['volunteers'][0]['mode']", "boat", "volunteers[0].mode"),
        ("['volunteers'][0]['skills']", "A", "volunteers[0].skills"),
        ("['volunteers'][0]['skills']", ["A", 1], "volunteers[0].skills[1]"),
        ("['volunteers'][0]['max_visits_per_week']", 4.0, "volunteers[0].max_visits_per_week"),
        ("['volunteers'][0]['max_visits_per_week']", True, "volunteers[0].max_visits_per_week"),
        ("['volunteers'][0]['done']", {"one": 1}, "volunteers[0].done.one"),
        ("['volunteers'][0]['done']", {"01": 1}, "volunteers[0].done.01"),
        ("['volunteers'][0]['done']", {"0": -1}, "volunteers[0].done.0"),
        ("['volunteers'][0]['max_leg']", -5, "volunteers[0].max_leg"),
        ("['volunteers'][0]['idle']", 1, "volunteers[0].idle"),
        ("['volunteers'][0]['phone']", "0888", "volunteers[0].phone"),
        ("['volunteers'][0]['shifts'][0]['end']", -1, "volunteers[0].shifts[0].end"),
        ("['volunteers'][0]['shifts'][1]['start']", 299, "volunteers[0].shifts[1]"),
        ("['volunteers'][0]['shifts'][1]['id']", "v2-0", "volunteers[1].shifts[0].id"),
        ("['volunteers'][0]['shifts'][0]['to_place']", 9, "volunteers[0].shifts[0].to_place"),
        ("['volunteers'][0]['shifts'][0]['start']", 10**9 + 1, "volunteers[0].shifts[0].start"),
        ("['volunteers'][0]['shifts'][0]['closed']", "yes", "volunteers[0].shifts[0].closed"),
        ("['requests'][2]['id']", "r1", "requests[2].id"),
        ("['requests'][0]['duration']", 0, "requests[0].duration"),
        ("['requests'][0]['duration']", -60, "requests[0].duration"),
        ("['requests'][0]['windows']", [[0, 10], [30, 20]], "requests[0].windows[1]"),
        ("['requests'][0]['windows']", [[0, 10, 20]], "requests[0].windows[0]"),
        ("['requests'][0]['windows']", [[0]], "requests[0].windows[0]"),
        ("['requests'][0]['windows']", [[0, NAN]], "requests[0].windows[0][1]"),
        ("['requests'][0]['kind']", "DANCE", "requests[0].kind"),
        ("['requests'][0]['kind']", "ESCORT", "requests[0].end_place"),
        ("['requests'][0]['kind']", "PHONE_HELP", "requests[0].place"),
        ("['requests'][0]['end_place']", 1, "requests[0].end_place"),
        ("['requests'][0]['team']", 3, "requests[0].team"),
        ("['requests'][0]['prize']", -1, "requests[0].prize"),
        ("['requests'][0]['priority']", "2", "requests[0].priority"),
        ("['requests'][0]['earlier']", 4, "requests[0].earlier"),
        ("['requests'][0]['name']", "Мария", "requests[0].name"),
        ("['requests'][0]", 5, "requests[0]"),
        ("['promises'][0]['request']", "r9", "promises[0].request"),
        ("['promises'][0]['volunteers']", ["v9"], "promises[0].volunteers[0]"),
        ("['promises'][0]['volunteers']", [], "promises[0].volunteers"),
        ("['promises'][0]['volunteers']", ["v1", "v2"], "promises[0].volunteers"),
        ("['promises'][0]['shifts']", ["v2-0"], "promises[0].shifts[0]"),
        ("['promises'][0]['shifts']", ["none"], "promises[0].shifts[0]"),
        ("['promises'][0]['shifts']", [], "promises[0].shifts"),
        ("['promises'][0]['start']", "60", "promises[0].start"),
        ("['promises'][0]['until']", 90, "promises[0].until"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(path: str, value: Any, named: str) -> None:
    assert wrong_path(put(path, value)) == named


@pytest.mark.parametrize("key", ["format", "travel", "weights", "volunteers", "requests"])
def test_a_missing_part_is_named(key: str) -> None:
    given = fresh()
    del given[key]
    assert wrong_path(given) == key


@pytest.mark.parametrize("key", ["id", "skills", "language", "duration", "windows", "released_day", "place"])
def test_a_missing_field_of_a_request_is_named(key: str) -> None:
    given = fresh()
    del given["requests"][1][key]
    assert wrong_path(given) == f"requests[1].{key}"


def test_prize_or_a_known_priority_is_needed() -> None:
    given = fresh()
    del given["requests"][0]["prize"]
    assert wrong_path(given) == "requests[0].priority"
    given["requests"][0]["priority"] = 3
    assert wrong_path(given) == "requests[0].priority"
    given["requests"][0]["priority"] = 2
    assert parse_problem(given).requests[0].prize == 500


def test_two_promises_of_one_request_and_shifts_of_different_days_are_refused() -> None:
    given = fresh()
    given["promises"].append(promise("r1", {"v2": "v2-0"}, 60))
    assert wrong_path(given) == "promises[1].request"
    given["promises"] = [promise("r2", {"v1": "v1-1", "v2": "v2-0"}, 60)]
    assert wrong_path(given) == "promises[0].shifts"
    given["promises"] = [promise("r2", {"v1": "v1-0"}, 60)]
    given["promises"][0] |= {"volunteers": ["v1", "v1"], "shifts": ["v1-0", "v1-0"]}
    assert wrong_path(given) == "promises[0].volunteers"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"format": "hvsp/1", "format": "hvsp/1"}', "format"),
        (PROBLEM.replace('"team": 1,', '"team": 1, "team": 2,', 1), "requests[0].team"),
        (PROBLEM.replace('"done": {"0": 0}', '"done": {"0": 0, "0": 1}'), "volunteers[0].done.0"),
        (PROBLEM.replace('"duration": 60', '"duration": NaN', 1), "requests[0].duration"),
        (PROBLEM.replace('"duration": 60', '"duration": 1e3', 1), "requests[0].duration"),
        (PROBLEM.replace('"duration": 60', '"duration": ' + "9" * 5000, 1), "requests[0].duration"),
        (PROBLEM.replace("3.2", "-Infinity"), "places.xy_km[1][0]"),
        ("[]", ""),
        ("{", "file"),
        ("[" * 100_000, "file"),
        (b"\xff\xfe", "file"),
    ],
)
def test_a_wrong_text_is_refused_with_the_place(text: str | bytes, named: str) -> None:
    with pytest.raises(ProblemError) as caught:
        parse_problem(read_json(text))
    assert caught.value.path == named


def test_a_million_requests_are_refused_before_anything_long_is_done_with_them() -> None:
    given = fresh()
    given["requests"] = [None] * 10**6
    assert wrong_path(given) == "requests"


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ([[0, 1], [1]], "travel.matrix.car[1]"),
        ([[0, 1], [1, 3]], "travel.matrix.car[1][1]"),
        ([[0, 1], [1.0, 0]], "travel.matrix.car[1][0]"),
        ([[0, 10**6 + 1], [1, 0]], "travel.matrix.car[0][1]"),
    ],
)
def test_a_wrong_matrix_is_refused(table: Any, named: str) -> None:
    given = data([volunteer()], [request()])
    del given["places"]
    given["travel"] = {"matrix": {"car": table}}
    assert wrong_path(given) == named


def test_a_matrix_needs_no_places_and_may_use_any_unit() -> None:
    given = data([volunteer()], [request()])
    del given["places"]
    given["travel"], given["time_unit"] = {"matrix": {"car": [[0, 1], [2, 0]]}}, "second"
    assert parse_problem(given).travel.matrix == {"car": ((0, 1), (2, 0))}


def test_a_rule_needs_places() -> None:
    given = fresh()
    del given["places"]
    assert wrong_path(given) == "places"


def test_reading_the_example_gives_every_field() -> None:
    problem = parse_problem(read_json(PROBLEM))
    one = problem.volunteers[0]
    assert (one.max_visits_per_week, one.wish_per_week, one.done, one.max_leg) == (4, 3, {0: 0}, 50)
    assert (one.shifts[0].start, one.shifts[0].end, one.shifts[0].closed, one.idle) == (840, 1020, False, False)
    assert problem.requests[0].prize == 500
    assert problem.promises[0].start == 860


@pytest.mark.parametrize("radomir", [False, True])
def test_what_is_written_is_read_back_as_equal(radomir: bool) -> None:
    problem = generate(40, 12, 10, seed=2, radomir=radomir)
    assert parse_problem(read_json(json.dumps(dump_problem(problem)))) == problem
    example = parse_problem(read_json(PROBLEM))
    assert parse_problem(copy.deepcopy(dump_problem(example))) == example
