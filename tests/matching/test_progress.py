"""Long work shows progress: on a terminal in one line that renews itself, else only where it is asked for."""

from __future__ import annotations

import json
import os
import pty
import sys
from pathlib import Path

import pytest

from matching.cli import main, showing
from matching.cli.showing import sentence
from matching.engine.prepare import Prepared
from matching.engine.state import State
from matching.exact.warm import warm
from matching.format import parse_problem, read_json
from matching.generate import generate
from matching.progress import LAST, PHASES, PRICING, Progress, Reached
from matching.solve import solve
from matching.stop import Iterations
from tests.matching.pages import PROBLEM


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    warm()
    monkeypatch.setattr(showing, "EVERY", 0.02)
    size = ["--requests", "150", "--volunteers", "30", "--days", "7"]
    assert main(["generate", *size, "-o", str(tmp_path / "p.json")]) == 0
    return tmp_path


def solved(folder: Path, *more: str) -> None:
    main(["solve", str(folder / "p.json"), "-o", str(folder / "plan.json"), "--seconds", "1.5", *more])


def test_nobody_looks_and_nothing_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solved(folder)
    assert capsys.readouterr().err == ""


def test_asked_for_it_says_line_by_line_how_far_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solved(folder, "--progress")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 3 and all(line.startswith("matching: ") for line in lines)
    served = len(json.loads((folder / "plan.json").read_text())["visits"])
    assert f"last pass, {served} of 150 served" in lines[-1] and "gap" in lines[-1]


def test_for_a_program_each_line_is_an_object_and_the_points_never_fall(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solved(folder, "--progress", "json")
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert set(told[0]) == {"phase", "served", "requests", "total", "bound", "gap", "seconds"}
    begun = [one for one in told if one["requests"]]
    assert [one["total"] for one in begun] == sorted(one["total"] for one in begun)
    bounds = [one["bound"] for one in begun]
    assert bounds == sorted(bounds, reverse=True) and all(one["phase"] in PHASES for one in told)
    plan = json.loads((folder / "plan.json").read_text())
    assert (told[-1]["total"], told[-1]["bound"]) == (plan["objective"]["total"], plan["bound"])


def test_on_a_terminal_one_line_renews_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # So seldom that what nobody reads yet finds room.
    monkeypatch.setattr(showing, "EVERY", 0.15)
    here, there = pty.openpty()
    with open(there, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        solved(folder)
        monkeypatch.undo()
    said = os.read(here, 100_000).decode()
    os.close(here)
    assert said.count("\rmatching: ") >= 3, "it was said more than once"
    assert said.count("\n") == 1 and said.endswith("\n"), "in one line"


def test_looking_does_not_change_the_plan() -> None:
    problem = generate(40, 10, 7, seed=3)
    progress = Progress()
    watched = solve(problem, Iterations(40), seed=2, progress=progress).plan
    alone = solve(problem, Iterations(40), seed=2).plan
    assert watched.visits == alone.visits and watched.bound == alone.bound
    reached = progress.reached()
    assert reached == Reached(LAST, len(alone.visits), 40, alone.objective.total, alone.bound, alone.gap)


def test_what_is_worse_than_what_is_known_changes_nothing() -> None:
    prep = Prepared(parse_problem(read_json(PROBLEM)))
    progress = Progress()
    assert progress.reached() == Reached(PHASES[0], 0, 0, 0, None, None)
    progress.begin(PRICING)
    state = State(prep)
    progress.told(state, 980)
    better = progress.reached()
    assert (better.served, better.requests, better.phase) == (1, 2, PRICING) and better.bound == 980
    worse = state.copy()
    worse.total -= 100
    progress.told(worse, 2000)
    assert progress.reached() == better


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        (Reached("first plan", 0, 0, 0, None, None), "first plan, 3 s"),
        (Reached("pricing", 812, 1000, 402118, None, None), "pricing, 812 of 1,000 served, 402,118 points, 3 s"),
        (Reached("proof", 2, 2, 99, 100, 0.01), "proof, 2 of 2 served, 99 points, gap 1.00 %, 3 s"),
    ],
)
def test_the_sentence(reached: Reached, said: str) -> None:
    assert sentence(reached, 3.2) == said
