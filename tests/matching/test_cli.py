"""The command line: what it writes, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matching.cli import main
from matching.exact import helper, strategy
from matching.format import parse_plan, parse_problem, read_json
from matching.generate import generate
from tests.matching.pages import PLAN, PROBLEM

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "problem.json").write_text(PROBLEM)
    (tmp_path / "plan.json").write_text(PLAN)
    return tmp_path


def run(*arguments: object) -> int:
    try:
        return main([str(a) for a in arguments])
    except SystemExit as end:
        return int(end.code or 0)


def test_the_module_solves_a_file_into_a_plan_without_any_web_framework(folder: Path) -> None:
    out = folder / "out.json"
    code = "import sys, runpy\nsys.argv = sys.argv[1:]\ntry: runpy.run_module('matching', run_name='__main__')\n"
    code += "except SystemExit as end: assert not end.code, end.code\nassert 'django' not in sys.modules"
    command = ["matching", "solve", folder / "problem.json", "-o", out, "--iterations", "5"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", code, *command], cwd=folder, env=environment, check=True)
    plan = parse_plan(read_json(out.read_bytes()))
    assert plan.objective.total == 980
    assert {path.name for path in folder.iterdir()} == {"problem.json", "plan.json", "out.json"}


def test_check_prints_the_terms_and_ends_with_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", folder / "problem.json", folder / "plan.json") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == ["violations: 0", "total: 980", "served: 1000"]


def test_check_prints_violations_and_ends_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.json").write_text(PLAN.replace("920", "915"))
    assert run("check", folder / "problem.json", folder / "plan.json") == 1
    assert "late: Shift v1-mon: v1 is 5 late for request r1." in capsys.readouterr().out


def test_iterations_and_seed_alone_give_the_same_file(folder: Path) -> None:
    assert run("generate", "--requests", 40, "--volunteers", 10, "--days", 7, "-o", folder / "big.json") == 0
    plans = []
    for _ in range(2):
        assert run("solve", folder / "big.json", "-o", folder / "p.json", "--iterations", 40, "--seed", 5) == 0
        plans.append(json.loads((folder / "p.json").read_text()) | {"seconds": 0})
    assert plans[0] == plans[1]
    assert plans[0]["seed"] == 5 and plans[0]["status"] == "feasible"


def test_a_tenth_of_a_second_gives_a_legal_plan_that_says_so(folder: Path) -> None:
    run("generate", "--requests", 80, "--volunteers", 20, "--days", 7, "-o", folder / "big.json")
    assert run("solve", folder / "big.json", "-o", folder / "p.json", "--seconds", 0.1) == 0
    assert json.loads((folder / "p.json").read_text())["status"] == "time_limit"
    assert run("check", folder / "big.json", folder / "p.json") == 0


def test_two_workers_plan_in_two_processes_and_three_are_too_many(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(strategy, "MOST_AT_ONCE", 0)
    started = list[int]()
    begin = helper.Helper.__init__

    def begun(self: helper.Helper, work: Callable[[helper.Line], None]) -> None:
        begin(self, work)
        started.append(self.process.pid or 0)

    monkeypatch.setattr(helper.Helper, "__init__", begun)
    run("generate", "--requests", 60, "--volunteers", 15, "--days", 7, "-o", folder / "big.json")
    solve = ("solve", folder / "big.json", "-o", folder / "p.json", "--seconds", 2)
    assert run(*solve, "--workers", 1) == 0 and not started
    assert run(*solve, "--workers", 2) == 0 and len(started) == 1
    assert run("check", folder / "big.json", folder / "p.json") == 0
    assert not Path(f"/proc/{started[0]}").exists()
    assert run(*solve, "--workers", 3) == 2
    assert "must be 1 or 2" in capsys.readouterr().err


def test_candidates_are_printed_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("candidates", folder / "problem.json", folder / "plan.json", "--request", "r1") == 0
    ranked = json.loads(capsys.readouterr().out)
    assert [(c["volunteers"], c["start"], c["gain"]) for c in ranked] == [(["v1"], 920, 498)]


def test_generate_prints_a_readable_problem_that_is_the_same_for_the_same_seed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    size = ("--requests", 5, "--volunteers", 3, "--days", 3, "--seed", 8, "--radomir")
    assert run("generate", *size) == 0
    first = capsys.readouterr().out
    assert parse_problem(read_json(first)) == generate(5, 3, 3, seed=8, radomir=True)
    run("generate", *size)
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('60, "windows"', '-60, "windows"'), "requests[0].duration"),
        (("[[780, 1080]]", "[[1080, 780]]"), "requests[0].windows[0]"),
        (("[[780, 1080]]", "[[NaN, 780]]"), "requests[0].windows[0][0]"),
        (('"team": 1,', '"team": 1, "sex": "f",'), "requests[0].sex"),
        (('"requests": [', '"requests": 5, "x": ['), "x"),
    ],
)
def test_a_wrong_problem_ends_with_2_names_the_field_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], named: str
) -> None:
    (folder / "problem.json").write_text(PROBLEM.replace(*change))
    assert run("solve", folder / "problem.json", "-o", folder / "out.json", "--iterations", 1) == 2
    said = capsys.readouterr().err
    assert f": {named}: " in said and said.count("\n") == 1
    assert not (folder / "out.json").exists()


def test_a_million_requests_end_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start, rest = PROBLEM.split('"requests": [')
    (folder / "problem.json").write_text(start + '"requests": [' + "{}," * 999_998 + rest)
    assert run("solve", folder / "problem.json", "-o", folder / "out.json") == 2
    assert "requests: has 1000000 items" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("solve", "{}/problem.json"),
        ("solve", "{}/none.json", "-o", "{}/out.json"),
        ("solve", "{}/problem.json", "-o", "{}/none/out.json"),
        ("solve", "{}/problem.json", "-o", "{}"),
        ("solve", "{}/problem.json", "-o", "{}/out.json", "--seconds", "-1"),
        ("solve", "{}/problem.json", "-o", "{}/out.json", "--seconds", "nan"),
        ("solve", "{}/problem.json", "-o", "{}/out.json", "--iterations", "-1"),
        ("solve", "{}/problem.json", "-o", "{}/out.json", "--seed", "1.5"),
        ("check", "{}/problem.json", "{}/problem.json"),
        ("candidates", "{}/problem.json", "{}/plan.json", "--request", "r9"),
        ("generate", "--requests", "5", "--volunteers", "3", "--days", "0"),
        ("dance",),
        (),
    ],
)
def test_wrong_arguments_end_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[Any, ...]
) -> None:
    assert run(*(a.format(folder) for a in arguments)) == 2
    assert capsys.readouterr().err


def test_an_old_plan_stays_where_the_new_one_cannot_be_made(folder: Path) -> None:
    (folder / "problem.json").write_text("{")
    assert run("solve", folder / "problem.json", "-o", folder / "plan.json") == 2
    assert (folder / "plan.json").read_text() == PLAN


def test_a_plan_is_judged_without_loading_what_makes_plans() -> None:
    """Every plan is judged by a process of its own: it has to start quickly."""
    question = "import sys; from matching.cli import main; main(['check', 'no', 'plan']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "matching.check" in loaded
    assert not {"numpy", "numba", "matching.exact", "matching.engine"} & loaded
