"""The independent judge of a plan.

It works from the problem alone, shares no line with the optimiser (an import contract keeps it so:
`matching.check` may import only `matching.format`), and says for every broken rule which one and where.
"""

from __future__ import annotations

from dataclasses import dataclass

from matching.check.board import Board, Violation
from matching.check.claims import judge_claims
from matching.check.eligibility import judge_seats
from matching.check.runs import judge_runs
from matching.check.terms import measure
from matching.format import Objective, Plan, Problem

__all__ = ["Report", "Violation", "check"]


@dataclass(frozen=True, slots=True)
class Report:
    """Every broken rule, and the objective recomputed from the visits."""

    violations: tuple[Violation, ...]
    objective: Objective

    @property
    def legal(self) -> bool:
        return not self.violations


def check(problem: Problem, plan: Plan) -> Report:
    """Judge `plan` against `problem`; the objective counts the visits that could be understood."""
    board = Board(problem, plan)
    objective = measure(board)
    violations = [
        *board.violations,
        *judge_seats(board),
        *judge_runs(board),
        *judge_claims(board, plan, objective),
    ]
    return Report(tuple(violations), objective)
