"""Compiled: steps of ruin and recreate, warm at first and colder, again and again from the best plan."""

from __future__ import annotations

import math
from typing import NamedTuple

from matching.exact.arrays import Ints
from matching.exact.compiled import bare
from matching.swift.absent import forget, gather
from matching.swift.board import Board
from matching.swift.book import Book
from matching.swift.dice import unit
from matching.swift.recreate import in_order, recreate
from matching.swift.ruin import ruin
from matching.swift.trail import Trails, begin_trail, go_back
from matching.swift.work import Work


class Cooling(NamedTuple):
    """`warm` and `cold` are points that a step may lose, `cycle` the steps from the one to the other; `hurry` is the
    most that a unit of somebody's time costs while seats are compared, `weeks` the share of ruins by week."""

    warm: float
    cold: float
    cycle: int
    hurry: float
    weeks: float


@bare
def anneal(book: Book, board: Board, trails: Trails, work: Work, cooling: Cooling, done: int, steps: int) -> None:
    """`steps` more after `done`. The best plan is where `trails.best` leads."""
    for step in range(done, done + steps):
        at = step % cooling.cycle
        if at == 0:
            go_back(book, board, trails.best)
        heat = cooling.warm * (cooling.cold / cooling.warm) ** (at / cooling.cycle)
        begin_trail(board, trails.step)
        freed = ruin(book, board, trails, work, cooling.weeks)
        absent, seen, opened = gather(book, board, trails.step, work, freed)
        recreate(book, board, trails, work, absent, cooling.hurry * unit(work.dice) ** 2)
        forget(work, seen, opened)
        if board.total[0] - trails.step.total[0] <= heat * math.log(max(unit(work.dice), 1e-12)):
            go_back(book, board, trails.step)
        elif board.total[0] > trails.best.total[0]:
            begin_trail(board, trails.best)


@bare
def fill(book: Book, board: Board, trails: Trails, work: Work, order: Ints) -> None:
    """From where the best plan leads back to: each of these requests in turn has its best seat, where that gains."""
    go_back(book, board, trails.best)
    begin_trail(board, trails.step)
    for i in range(order.shape[0]):
        work.freed[i] = order[i]
    absent, seen, opened = gather(book, board, trails.step, work, order.shape[0])
    for i in range(absent):
        work.order[i] = i
    in_order(book, board, trails, work, absent, 0.0)
    forget(work, seen, opened)
