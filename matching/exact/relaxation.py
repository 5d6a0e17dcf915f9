"""Column generation by first-order prices: a bound, prices and a pool of good runs in few rounds.

What simplex and interior point prices need in dozens of rounds these do in about ten: they change little from one
round to the next, so that what is found at one is good at the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine.state import State
from matching.exact.columns import Column, Pool
from matching.exact.descent import Descent
from matching.exact.field import Field
from matching.exact.primal_dual import Floats
from matching.exact.programme import Programme
from matching.exact.scale import SCALE
from matching.exact.wide import Effort, WidePricing
from matching.stop import Clocked

# Rounds in which what one shift takes is dearer for the next, and the price of a request before anything is known.
WARM, HALF = 3, 0.5
SPREAD = Effort(4, 1, 2_000, spread=3, steps=2_000)
CAREFUL = Effort(6, 2, 10_000)
EVERY = 2**62
STEPS = 300
# Searches that were cut short may make out so much of what the bound is away from the programme.
LOOSE = 0.25
# A round that brings less than this share of the value is one of the last.
LITTLE = 0.0005


def ignore(_: int) -> None:
    """Nobody waits for the bound."""


@dataclass
class Relaxation:
    """`bound` is what no plan exceeds, `value` about the optimum of the programme over the runs found; `state` is the
    best plan known."""

    field: Field
    state: State
    bound: int
    stop: Clocked
    pool: Pool = dataclasses.field(default_factory=Pool)
    start: Floats | None = None

    def __post_init__(self) -> None:
        self.programme, self.pricing = Programme(self.field), WidePricing(self.field)
        self.programme.add(self.pool.columns)
        self.take(self.field.columns_of(self.state))
        self.value, self.proved = 0.0, 2**62
        # Whether the programme's value has stopped to grow.
        self.settled = False
        self.best: Floats | None = None
        if self.start is not None:
            self.programme.price = self.start.copy()

    def settle(self, rounds: int) -> None:
        """Rounds until the value hardly grows, at most so many, or `stop`."""
        if self.start is None:
            self._begin()
        self.value = self.programme.solve(STEPS) + self.field.base.total
        for _ in range(rounds):
            if self.settled or self.stop.struck() or not self._round():
                break

    def prove(self, rounds: int, goal: float, told: Callable[[int], None] = ignore) -> None:
        """Rounds that search without end, until the bound is within this share of the value, at most so many.

        Each tells the bound.
        """
        self.settled = True
        for _ in range(rounds):
            if self.proved - self.value <= goal * abs(self.value) or self.stop.struck() or not self._round():
                break
            told(self.bound)

    def _begin(self) -> None:
        prep = self.field.moves.prep
        self.programme.price[self.field.asked()] = HALF * np.array(prep.prize)[self.field.asked()]
        for _ in range(WARM):
            priced = self.pricing.price(self.programme.duals(self.programme.price), SPREAD, self.stop)
            self.stop.step()
            if priced is None:
                return
            self.take(priced.columns)
            self.programme.solve(STEPS)

    def _round(self) -> bool:
        away = self.proved - self.value
        loose = max(0, int(LOOSE * away * SCALE)) if self.settled else 2**62
        price = self.programme.price
        effort = CAREFUL._replace(loose=loose, pairs=EVERY if self.settled else CAREFUL.pairs)
        priced = self.pricing.price(self.programme.duals(price), effort, self.stop)
        self.stop.step()
        if priced is None:
            return False
        if priced.bound is not None and priced.bound < self.proved:
            self.proved, self.best = priced.bound, price
            self.bound = min(self.bound, self.proved)
        took = self.take(priced.columns)
        before, self.value = self.value, self.programme.solve(STEPS) + self.field.base.total
        self.settled = self.settled or self.value - before <= LITTLE * abs(self.value)
        return took

    def take(self, columns: list[Column]) -> bool:
        """Add what the pool does not have yet, or has in a poorer order. Whether there was any."""
        before, better = len(self.pool.columns), 0
        for column in columns:
            number = self.pool.add(column)
            if number is not None and number < before:
                self.programme.worth(number, column.profit)
                better += 1
        self.programme.add(self.pool.columns[before:])
        return better > 0 or len(self.pool.columns) > before

    def near(self, within: float) -> list[Column]:
        """The columns whose reduced worth is not further below 0 than so many points."""
        worth = self.programme.reduced()
        return [self.pool.columns[i] for i in np.flatnonzero(worth > -within).tolist()]

    def descend(self, share: float) -> State:
        """A plan made from the programme."""
        return Descent(self, self.stop, share).run()
