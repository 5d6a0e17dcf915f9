"""`advise` on the command line: JSON on the standard output, progress only where somebody looks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matching.format import dump_plan, dump_problem
from tests.matching.build import planned, problem, request, volunteer
from tests.matching.test_cli import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asked = [request("r1", windows=[[0, 300]]), request("r2", skills=["P"], windows=[[0, 300]])]
    given = problem([volunteer("v1")], asked)
    (tmp_path / "problem.json").write_text(json.dumps(dump_problem(given)))
    (tmp_path / "plan.json").write_text(json.dumps(dump_plan(planned(given))))
    return tmp_path


def advise(folder: Path, *more: object) -> int:
    return run("advise", folder / "problem.json", folder / "plan.json", *more)


def test_advise_prints_what_would_help(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert advise(folder, "--iterations", 50, "--seed", 2) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    training = next(each for each in found if each["kind"] == "training")
    assert training == {
        **{"kind": "training", "skills": ["P"], "languages": [], "place": None, "day": None, "start": None},
        **{"end": None, "volunteer": "v1", "more_served": 1, "more_points": 1000, "requests": ["r2"], "proved": True},
    }
    assert "looked at" not in said.err


def test_most_and_the_clock_limit_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert advise(folder, "--seconds", 2, "--most", 1) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert advise(folder, "--seconds", 0) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_terminal_sees_progress(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert advise(folder, "--iterations", 20) == 0
    said = capsys.readouterr()
    assert "\rmatching: 0 of 3 looked at, 0 would help" in said.err and said.err.endswith("s \n")
    assert json.loads(said.out)


def test_a_plan_that_breaks_a_rule_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    plan["visits"] = []
    (folder / "plan.json").write_text(json.dumps(plan))
    assert advise(folder, "--iterations", 5) == 2
    assert "plan.json: the plan breaks a rule" in capsys.readouterr().err
