"""Runs that ruin and recreate met on its way: the best plan may hold some that were never together."""

from __future__ import annotations

from matching.engine.runs import Run, ride
from matching.engine.state import ALONE, State
from matching.exact.columns import Blocks, Column

# Of a plan worth less than this share of the first one no run is kept.
GOOD = 0.85
# Runs offered to the choice, and columns that come of them, since a run may suit several shifts.
MOST_RUNS, MOST_COLUMNS = 500, 2_000


class Met:
    """For each set of visits the best order known, and the shift that went."""

    def __init__(self, blocks: Blocks, first: State) -> None:
        self.blocks, self.least = blocks, first.total * GOOD
        self._best: dict[Run, Column] = {}

    def see(self, plan: State) -> None:
        """Keep what single shifts do in this plan."""
        if plan.total < self.least:
            return
        for s, run in enumerate(plan.runs):
            if plan.mate[s] == ALONE and any(plan.is_new(r, s) for r in run):
                column = self.blocks.column((s,), run)
                known = self._best.get(column.new)
                if known is None or known.profit < column.profit:
                    self._best[column.new] = column

    def columns(self) -> list[Column]:
        """The most valuable ones, each for every shift that could go the same way; never two alike."""
        best = sorted(self._best.values(), key=lambda column: (-column.profit, column.run))[:MOST_RUNS]
        found: list[Column] = []
        for column in best:
            found += [column, *self._for_others(column)]
            if len(found) >= MOST_COLUMNS:
                break
        return found

    def _for_others(self, column: Column) -> list[Column]:
        blocks, prep, (mine,) = self.blocks, self.blocks.moves.prep, column.seats
        if blocks.base.runs[mine]:
            return []
        return [
            blocks.column((s,), column.run)
            for (s,) in blocks.single
            if s != mine and not blocks.base.runs[s] and blocks.room(s) >= len(column.run)
            and all((r, (s,)) in blocks.value for r in column.run) and ride(prep, s, column.run) is not None
        ]  # fmt: skip
