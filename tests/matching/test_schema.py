"""The published JSON Schemas accept what the code writes and refuse what it refuses."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from matching.format import dump_plan, dump_problem, parse_problem
from matching.generate import generate
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.build import data, promise, request, volunteer
from tests.matching.pages import PLAN, PROBLEM


def schema(name: str) -> Draft202012Validator:
    content = json.loads(files("matching").joinpath("schema", f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def test_the_published_example_fits() -> None:
    schema("problem").validate(json.loads(PROBLEM))
    schema("plan").validate(json.loads(PLAN))


@pytest.mark.parametrize("radomir", [False, True])
def test_generated_problems_and_their_plans_fit(radomir: bool) -> None:
    problem = generate(40, 12, 7, seed=3, radomir=radomir)
    schema("problem").validate(json.loads(json.dumps(dump_problem(problem))))
    schema("plan").validate(json.loads(json.dumps(dump_plan(solve(problem, Iterations(5)).plan))))


@pytest.mark.parametrize(
    "change",
    [
        lambda g: g.update(colour=1),
        lambda g: g.update(format="hvsp/2"),
        lambda g: g["requests"][0].update(duration=0),
        lambda g: g["requests"][0].update(team=3),
        lambda g: g["requests"][0].pop("prize"),
        lambda g: g["requests"][0].pop("place"),
        lambda g: g["requests"][0].update(kind="PHONE_HELP"),
        lambda g: g["requests"][0].update(kind="ESCORT"),
        lambda g: g["requests"][0].update(end_place=1),
        lambda g: g["volunteers"][0].update(done={"x": 1}),
        lambda g: g["volunteers"][0]["shifts"][0].pop("week"),
        lambda g: g["promises"][0].update(volunteers=[]),
        lambda g: g["travel"].update(matrix={"car": [[0]]}),
        lambda g: g["places"].update(lat_lon=[]),
    ],
)
def test_schema_and_reader_refuse_alike(change: Any) -> None:
    given = data([volunteer()], [request()], [promise("r1", {"v1": "v1-0"}, 60)])
    assert schema("problem").is_valid(given)
    change(given)
    assert not schema("problem").is_valid(given)
    with pytest.raises(ValueError):
        parse_problem(given)
