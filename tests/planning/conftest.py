"""A town for planning: the solver has little time, and every snapshot is read by the solver's own strict reader."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

import pytest

from matching.cli import main
from matching.format import parse_problem
from planning.models import PlanRound
from planning.services import rounds, snapshot, solver
from tests import factories as make


@pytest.fixture
def taken() -> Callable[..., dict[str, Any]]:
    """The problem of PER36, with its requests, volunteers and promises by key; proved to be readable."""

    def take(now: Any = make.NOW, **more: Any) -> dict[str, Any]:
        problem = snapshot.take(make.municipality(), now=now, **more).problem
        parse_problem(problem)
        return problem | {
            "requests": {row["id"]: row for row in problem["requests"]},
            "volunteers": {row["id"]: row for row in problem["volunteers"]},
            "promises": {row["request"]: row for row in problem["promises"]},
        }

    return take


@pytest.fixture
def plan() -> Callable[..., PlanRound]:
    def run(now: Any = make.NOW) -> PlanRound:
        made = rounds.run(municipality=make.municipality(), now=now)
        assert made is not None, "the snapshot was the last one's"
        assert made.failure == ""
        return made

    return run


@pytest.fixture
def solver_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same commands on the same files, in this process: for tests of what is planned, not of how it is started."""

    def run(arguments: list[str], limit: float) -> str:
        said, wrong = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(wrong):
            code = main(arguments)
        if code != 0:
            raise solver.SolverFailed(f"{arguments[0]}: exit {code}: {wrong.getvalue() or said.getvalue()}")
        return said.getvalue()

    def watched(arguments: list[str], limit: float, told: solver.Told | None) -> None:
        run(arguments, limit)

    monkeypatch.setattr(solver, "_matching", run)
    monkeypatch.setattr(solver, "_watched", watched)
