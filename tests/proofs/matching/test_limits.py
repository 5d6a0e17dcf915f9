"""What a caller may count on: the same plan for the same numbers, a legal plan however short the time, and that
those far away are served."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matching.check import check
from matching.format import dump_plan, dump_problem, parse_plan, parse_problem
from matching.generate import generate
from matching.solve import solve
from matching.stop import Iterations, Seconds
from tests.matching.build import crews, planned, problem, request, volunteer
from tests.sizes import size

ROOT = Path(__file__).parents[3]
# A town of two modes: by bus it is more than an hour to the last place.
BUS = {"mode": "foot", "max_leg": 600, "max_travel_per_shift": 1200}


def test_the_same_seed_and_iterations_give_the_same_plan_bit_for_bit(tmp_path: Path) -> None:
    given = generate(80, 20, 7, seed=4, radomir=True)
    (tmp_path / "problem.json").write_text(json.dumps(dump_problem(given)))
    plans = []
    for name in ("one.json", "two.json"):
        arguments = ["problem.json", "-o", name, "--iterations", "60", "--seed", "9"]
        command = [sys.executable, "-m", "matching", "solve", *arguments]
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONHASHSEED": str(len(plans))}
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
        plans.append(json.loads((tmp_path / name).read_text()) | {"seconds": 0})
    assert plans[0] == plans[1]
    assert plans[0] == dump_plan(solve(given, Iterations(60), 9).plan) | {"seconds": 0}


@pytest.mark.parametrize("seed", range(size(3, 30, "problems planned in a tenth of a second")))
@pytest.mark.parametrize("seconds", [0.0, 0.1])
def test_however_short_the_time_the_plan_is_legal(seed: int, seconds: float) -> None:
    given = generate(200, 40, 7, seed=seed, radomir=bool(seed % 2))
    plan = solve(given, Seconds(seconds)).plan
    assert check(given, plan).violations == ()
    assert plan.bound is not None and plan.bound >= plan.objective.total


def test_more_time_is_never_worse_than_a_first_plan_and_is_proved_on_a_small_town() -> None:
    given = generate(50, 15, 7, seed=2, radomir=True)
    first, last = solve(given, Seconds(0.0)).plan, solve(given, Seconds(20)).plan
    assert first.objective.total <= last.objective.total == last.bound
    assert last.status == "optimal"


def test_a_far_pair_is_served_by_bus_when_somebody_is_free() -> None:
    """Two people on slow roads, each for hours under way, and a team of two at the end of the line."""
    near = [request(f"near{i}", 1, prize=900, skills=["B"]) for i in range(2)]
    far = request("far", 3, team=2, prize=1500, windows=[[0, 2000]])
    people = [volunteer(name, hours=[(0, 1500)], **BUS) for name in ("v1", "v2")]
    people += [volunteer(name, hours=[(0, 200)], skills=["B"]) for name in ("v3", "v4")]
    made = crews(planned(problem(people, [*near, far])))
    assert made["far"] == ("v1", "v2") and len(made) == 3
    busy = planned(problem([volunteer(name, hours=[(0, 400)], **BUS) for name in ("v1", "v2")], [far]))
    assert crews(busy) == {}, "the control: too far for their hours"


def test_a_plan_read_back_is_the_plan_that_was_written() -> None:
    given = generate(30, 10, 5, seed=1)
    plan = solve(given, Iterations(20)).plan
    assert parse_plan(json.loads(json.dumps(dump_plan(plan)))) == plan
    assert parse_problem(json.loads(json.dumps(dump_problem(given)))) == given
