"""`insert` and `repair` on the command line: what they print and write, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matching.check import check
from matching.files import load_plan, load_problem
from matching.format import dump_plan, dump_problem
from tests.matching.build import planned, problem, promise, request, volunteer
from tests.matching.test_cli import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """r1 is promised by v1, r2 waits for somebody, r:3 is visited by somebody whose id is full of marks."""
    people = [volunteer("v1", hours=[(0, 130)]), volunteer("v2", 2), volunteer("a:b@1", 5, skills=["C"])]
    asked = [
        request("r1", windows=[[0, 130]]),
        request("r2", 2, language="none"),
        request("r:3", 5, skills=["C"], prize=400),
    ]
    given = problem(people, asked, [promise("r1", {"v1": "v1-0"}, 60)])
    plan = planned(given)
    spoken = problem(people, [asked[0], request("r2", 2), asked[2]], [promise("r1", {"v1": "v1-0"}, 60)])
    data: Any = dump_plan(plan)
    data["unserved"] = [{"request": "r2", "reason": "taken_by_others", "with": []}]
    data |= {"bound": None, "gap": None, "status": "feasible"}
    (tmp_path / "problem.json").write_text(json.dumps(dump_problem(spoken)))
    (tmp_path / "plan.json").write_text(json.dumps(data))
    return tmp_path


def files(folder: Path) -> tuple[Path, Path]:
    return folder / "problem.json", folder / "plan.json"


def test_insert_prints_ranked_ways_and_writes_the_best_direct_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out.json"
    assert run("insert", *files(folder), "--request", "r2", "-o", out) == 0
    ways = json.loads(capsys.readouterr().out)
    first = ways[0]
    assert (first["volunteers"], first["start"], first["gain"], first["travel"]) == (["v2"], 0, 1000, 0)
    assert first["displaced"] is None and first["needs_coordinator"] is False and first["moved"] == []
    assert {way["code"] for way in first["why"]} >= {"near", "skilled"}
    assert "step" not in first and "turn" not in first
    given, after = load_problem(folder / "problem.json"), load_plan(out)
    assert check(given, after).legal
    assert after.objective.total - load_plan(folder / "plan.json").objective.total == 1000


def test_insert_without_an_output_writes_nothing_and_most_limits_the_list(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in folder.iterdir())
    assert run("insert", *files(folder), "--request", "r2", "--most", 1) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert sorted(path.name for path in folder.iterdir()) == before


def test_where_only_displacing_helps_no_plan_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = problem([volunteer("v1", hours=[(0, 50)])], [request("r1"), request("r2", prize=900)])
    (tmp_path / "problem.json").write_text(json.dumps(dump_problem(full)))
    (tmp_path / "plan.json").write_text(json.dumps(dump_plan(planned(full))))
    assert run("insert", *files(tmp_path), "--request", "r2", "-o", tmp_path / "out.json") == 1
    said = capsys.readouterr()
    (way,) = json.loads(said.out)
    assert way["needs_coordinator"] is True and way["gain"] == -100
    assert way["displaced"] == {
        "request": "r1",
        "was": {"volunteers": ["v1"], "shifts": ["v1-0"], "start": 10},
        "becomes": None,
    }
    assert "nobody has a free seat for r2" in said.err
    assert not (tmp_path / "out.json").exists()


def test_repair_writes_the_plan_and_its_problem_and_says_what_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, new = folder / "out.json", folder / "new.json"
    arguments = ("--away", "v1", "--iterations", 5, "-o", out, "--problem-out", new)
    assert run("repair", *files(folder), *arguments) == 0
    said = capsys.readouterr()
    changes = json.loads(said.out)
    by_request = {change["request"]: change for change in changes}
    assert by_request["r1"]["kind"] == "kept_time_new_people" and by_request["r1"]["confirmed"] is True
    assert by_request["r1"]["before"] == {"volunteers": ["v1"], "shifts": ["v1-0"], "start": 60}
    assert by_request["r1"]["after"]["volunteers"] == ["v2"]
    assert "0 confirmed visits lost" in said.err and said.err.count("\n") == 1
    assert check(load_problem(new), load_plan(out)).legal


def test_repair_reads_declined_days_and_hours(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, new = folder / "out.json", folder / "new.json"
    shift = {"id": "late", "start": 200, "end": 400, "week": 0, "day": 0}
    (folder / "hours.json").write_text(json.dumps({"v2": [shift]}))
    arguments = ("--declined", "r:3:a:b@1", "--away", "a:b@1@4", "--hours", folder / "hours.json", "--seconds", 0.3)
    assert run("repair", *files(folder), *arguments, "-o", out, "--problem-out", new) == 0
    after = load_problem(new)
    assert after.requests[2].blocked == {"a:b@1"}
    assert [s.id for s in after.volunteers[1].shifts] == ["late"]
    changes = {c["request"]: c for c in json.loads(capsys.readouterr().out)}
    assert (changes["r:3"]["kind"], changes["r:3"]["reason"]) == ("dropped", "all_blocked")
    assert changes["r2"]["after"]["start"] == 200


def test_the_same_seed_and_iterations_give_the_same_files(folder: Path) -> None:
    plans = []
    for _ in range(2):
        arguments = ("--away", "v1", "--iterations", 20, "--seed", 3, "-o", folder / "out.json")
        assert run("repair", *files(folder), *arguments) == 0
        plans.append(json.loads((folder / "out.json").read_text()) | {"seconds": 0})
    assert plans[0] == plans[1] and plans[0]["seed"] == 3


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("insert", "--request", "r9"), "--request: r9 is no request"),
        (("insert", "--request", "r2", "-o", "{}/none/out.json"), "none/out.json: the folder"),
        (("repair", "-o", "{}/out.json"), "--away, --declined, --hours: one of them is needed"),
        (("repair", "-o", "{}/out.json", "--away", "v9"), "--away: v9 is no volunteer"),
        (("repair", "-o", "{}/out.json", "--away", "v1@x"), "--away: v1@x is no volunteer"),
        (("repair", "-o", "{}/out.json", "--declined", "r1"), "--declined: r1 is no request and volunteer"),
        (("repair", "-o", "{}/out.json", "--declined", "r1:v9"), "--declined: r1:v9 is no request and volunteer"),
        (("repair", "-o", "{}/out.json", "--hours", "{}/none.json"), "none.json: No such file"),
        (("repair", "-o", "{}/out.json", "--hours", "{}/short.json"), "short.json: hours.v1[0].end: is missing"),
        (("repair", "-o", "{}/out.json", "--hours", "{}/nobody.json"), "nobody.json: hours: v9 is no volunteer"),
    ],
)
def test_wrong_input_ends_with_2_and_one_sentence_that_names_it(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], named: str
) -> None:
    (folder / "short.json").write_text('{"v1": [{"id": "s", "start": 0, "week": 0, "day": 0}]}')
    (folder / "nobody.json").write_text('{"v9": []}')
    command, *rest = (argument.format(folder) for argument in arguments)
    assert run(command, *files(folder), *rest) == 2
    said = capsys.readouterr().err
    assert named in said and said.count("\n") == 1
    assert not (folder / "out.json").exists()


def test_a_plan_that_breaks_a_rule_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    plan["visits"] = plan["visits"][1:]
    (folder / "plan.json").write_text(json.dumps(plan))
    assert run("insert", *files(folder), "--request", "r2") == 2
    assert "the plan breaks a rule" in capsys.readouterr().err
