"""A problem that is too large for simplex prices: prices by first-order steps, a plan from them, and parts of it anew.

With a helper two processes share the work: the helper finds the prices and proves the bound, this one keeps the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from matching.engine.search import Search
from matching.engine.state import State
from matching.exact.columns import Pool
from matching.exact.field import Field
from matching.exact.helper import Helper, Line, Orphaned
from matching.exact.patches import Patches
from matching.exact.primal_dual import Floats
from matching.exact.relaxation import Relaxation
from matching.stop import Clocked, Either, Iterations, Stop
from matching.swift.local import GENTLE, STEADY, Pace

# The bound is near enough where it is within this share of the programme's value.
GOAL = 0.0005
# Seconds a request below which there is no time for prices.
LEAST = 0.004
# Rounds until the prices have settled, and beyond that to prove the bound, at most.
SETTLE, PROVE = 20, 30
# Shares of the time left: for prices, for the plan made from them, and then for the bound where nobody helps.
PRICES, PLAN, BOUND = 0.4, 0.4, 0.5
# Of the shifts still free so many are fixed in a step of the descent.
SHARE = 0.03
# Columns whose reduced worth is further below 0, in points, are not sent.
NEAR = 60
# Looks at the stop rule, for ruin and recreate, between two looks at what the helper says.
SHORT = 500


@dataclass
class Large:
    """`state` is the best plan known, `bound` what no plan exceeds."""

    search: Search
    base: State
    state: State
    bound: int
    steps: Clocked
    pool: Pool = field(default_factory=Pool)
    price: Floats | None = None

    @cached_property
    def columns(self) -> Field:
        """All runs that the problem allows."""
        return Field(self.search.moves, self.base, self.search.arrays)

    def run(self, workers: int) -> None:
        """With more than one worker in two processes; where time is too short for prices, by search alone."""
        left = self.steps.left()
        if left is not None and left < LEAST * len(self.search.open):
            self.state = self._searched(self.state, self.steps.rule, STEADY)
        elif workers > 1:
            self.with_helper()
        else:
            self.alone()

    def alone(self) -> None:
        """Everything in this process, one after the other."""
        relaxation = Relaxation(self.columns, self.state, self.bound, self.steps.share(PRICES), self.pool)
        relaxation.settle(SETTLE)
        relaxation.stop = self.steps.share(PLAN)
        self._descend(relaxation)
        relaxation.stop = self.steps.share(BOUND)
        relaxation.prove(PROVE, GOAL)
        self.bound = min(self.bound, relaxation.bound)
        self._polish(None)

    def with_helper(self) -> None:
        """Prices and bound in a second process; this one goes on without it should it die."""
        columns = self.columns
        helper = Helper(lambda line: prove(columns, self.state, self.bound, self.steps, line))
        try:
            while helper.alive() and self.price is None and not self._done():
                self._keep(self._searched(self.state, self._some(SHORT), STEADY))
                self._listen(helper)
            # It may have said all it had to say and gone.
            self._listen(helper)
            if self.price is not None and not self._done():
                relaxation = Relaxation(self.columns, self.state, self.bound, self.steps, self.pool, self.price)
                relaxation.settle(0)
                self._descend(relaxation)
            self._polish(helper)
            self._listen(helper)
        finally:
            helper.end()

    def _done(self) -> bool:
        return self.state.total >= self.bound or self.steps.struck()

    def _descend(self, relaxation: Relaxation) -> None:
        """The plan that the prices give, with all put in that still gains."""
        self.price = relaxation.programme.price.copy()
        state = relaxation.descend(SHARE)
        self._keep(self._searched(state, self._some(len(self.search.open)), GENTLE))

    def _keep(self, state: State) -> None:
        if state.total > self.state.total:
            self.state = state
            self.steps.progress.told(state, self.bound)

    def _some(self, looks: int) -> Stop:
        """A rule that strikes after so many looks at it."""
        return Iterations(self.steps.done + looks)

    def _searched(self, state: State, rule: Stop, pace: Pace) -> State:
        """Ruin and recreate from a plan on."""
        steps = Clocked(Either(self.steps.rule, rule), self.steps.done)
        state = self.search.local.improve(state, steps, self.bound, pace)
        self.steps.done = steps.done
        return state

    def _listen(self, helper: Helper | None) -> None:
        for kind, what in helper.line.heard() if helper is not None else ():
            if kind == "bound":
                self.bound = min(self.bound, what)
                self.steps.progress.told(self.state, self.bound)
            else:
                self.price, runs = what
                for seats, run in runs:
                    self.pool.add(self.columns.column(seats, run))

    def _polish(self, helper: Helper | None) -> None:
        """Ruin and recreate and parts in turn, as long as there is time or until neither finds anything."""
        while not self._done():
            self._listen(helper)
            before = self.state.total
            self._keep(self._searched(self.state, self._some(len(self.search.open)), GENTLE))
            patches = Patches(
                self.search.moves, self.search.arrays, self.state, self.steps, self.search.rng,
                price=self.price, known=self.pool,
            )  # fmt: skip
            patches.round()
            self._keep(patches.state)
            if helper is None and self.state.total == before:
                return


def prove(columns: Field, state: State, bound: int, steps: Clocked, line: Line) -> None:
    """What the helper does: prices, the runs that are good at them, and the bound, each told when it is there."""
    stop = Clocked(Either(steps.rule, Orphaned()), steps.done)
    relaxation = Relaxation(columns, state, bound, stop)
    relaxation.settle(SETTLE)
    near = [(column.seats, column.run) for column in relaxation.near(NEAR)]
    line.send("prices", (relaxation.programme.price, near))
    relaxation.prove(PROVE, GOAL, lambda proved: line.send("bound", proved))
