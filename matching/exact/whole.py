"""Choosing whole columns: an integer programme over some of them."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from matching.engine.state import State
from matching.exact.columns import Blocks, Column, state_of
from matching.exact.master import Master

# Without a clock the integer programme ends after so many nodes, so that it ends in the same plan every time.
MOST_NODES = 200
FEASIBLE = 2


@dataclass(slots=True)
class Choice:
    """The best state found among the columns, and whether no better one can be made of them."""

    state: State | None
    proved: bool


def choose(blocks: Blocks, columns: list[Column], known: State, seconds: float | None) -> Choice:
    """The best plan of these columns that was found, beginning with `known`, whose columns join them."""
    columns = [*columns, *(c for c in blocks.columns_of(known) if c not in columns)]
    master = Master(blocks)
    master.add(columns)
    highs, first = master.lp, master.first
    count = len(columns)
    whole = np.full(count, highspy.HighsVarType.kInteger)
    highs.changeColsIntegrality(count, np.arange(first, first + count, dtype=np.int32), whole)
    # Totals are whole numbers: a plan within less than one of the bound is the best.
    for name, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 0.99)):
        highs.setOptionValue(name, value)
    _begin_with(master, columns, known)
    if seconds is None:
        highs.setOptionValue("mip_max_nodes", MOST_NODES)
    else:
        highs.setOptionValue("time_limit", max(0.01, seconds))
    highs.run()
    ended = highs.getModelStatus()
    proved = ended == highspy.HighsModelStatus.kOptimal
    values = np.array(highs.getSolution().col_value)
    if len(values) <= first or highs.getInfo().primal_solution_status != FEASIBLE:
        return Choice(None, False)
    chosen = [columns[i] for i in np.flatnonzero(values[first:] > 0.5)]
    return Choice(state_of(blocks, chosen), proved)


def _begin_with(master: Master, columns: list[Column], known: State) -> None:
    """Give the programme a plan to begin with: its columns, and of each week the visits it makes."""
    highs, base = master.lp, master.blocks.base
    values = np.zeros(highs.getNumCol())
    held = {(column.seats, column.new) for column in master.blocks.columns_of(known)}
    values[master.first :] = [float((column.seats, column.new) in held) for column in columns]
    for week, numbers in master.nth.items():
        values[numbers[: known.visits[week] - base.visits[week]]] = 1.0
    for number, v in zip(master.idle_columns, master.idle, strict=True):
        values[number] = float(known.trips[v] > 0)
    solution = highspy.HighsSolution()
    solution.col_value = values.tolist()
    highs.setSolution(solution)
