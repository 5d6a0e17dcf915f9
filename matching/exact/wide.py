"""Pricing of a large problem: all shifts in a few compiled calls, then the pairs that may be worth more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.exact.arrays import Ints
from matching.exact.columns import Column, Seats
from matching.exact.field import Field
from matching.exact.master import Duals
from matching.exact.orders import new_table
from matching.exact.pricing import Priced, Pricing
from matching.exact.scale import SCALE
from matching.exact.sweep import Asking, Runs, sweep
from matching.exact.together import promising, sweep_pairs
from matching.stop import Clocked

Flags = npt.NDArray[np.bool_]
# More pairs than this are not listed; there is no bound then.
MOST_PAIRS = 400_000
# So many blocks in one compiled call: between two calls the clock is asked.
AT_ONCE = 64
# A shift whose search was cut short has so many times the steps the next time, up to the most.
FIRST_STEPS, DEEPER, MOST_STEPS = 16_000, 8, 8_192_000
PAIR_STEPS = 100_000


class Effort(NamedTuple):
    """How thoroughly a round prices: runs asked of a shift and of a pair, pairs searched at most, by how much below its
    price a shift is searched, and `spread` as in `matching.exact.pricing.Care`.

    What searches cut short may have missed may be `loose` in all; beyond that they go deeper, once in a round, but none
    takes more than `steps`. Points in 1/SCALE.
    """

    found: int
    found_pair: int
    pairs: int
    lower: int = 0
    spread: int = 0
    loose: int = 2**62
    steps: int = MOST_STEPS


class WidePricing:
    """Pricing over a field. How many steps a shift needs is remembered."""

    def __init__(self, field: Field) -> None:
        self.field, self.table = field, new_table()
        self._narrow = Pricing(field)
        prep, base = field.moves.prep, field.base
        self._weight = prep.weights.travel * SCALE
        self._prize = np.array(prep.prize, dtype=np.int64) * SCALE
        taking = field.taking()
        self._taking = np.array(taking, dtype=np.int64)
        slots = sorted({prep.slot[s] for s in taking})
        nth = [(w, prep.kth_cost(w, base.visits[w] + k)) for w in slots for k in range(prep.limit[w] - base.visits[w])]
        self._nth = np.array(nth, dtype=np.int64).reshape(-1, 2)
        people = sorted({prep.owner[s] for s in taking})
        self._idle = np.array([v for v in people if prep.volunteers[v].idle and base.trips[v] == 0], dtype=np.int64)
        self._steps = np.full(len(field.single), FIRST_STEPS, dtype=np.int64)

    def price(self, duals: Duals, effort: Effort, stop: Clocked, free: Flags | None = None) -> Priced | None:
        """New columns and the Lagrangian bound of these duals, of the shifts that are `free`; None where it was
        stopped."""
        low = np.maximum(0, duals.shift - effort.lower)
        bound = np.zeros_like(low)
        bound[self._taking] = low[self._taking]
        fee = self._narrow.fee(duals)
        asking = Asking(duals.request.copy(), fee, self._weight, effort.found, effort.spread, self._prize)
        columns = self._shifts(asking, low, bound, effort, stop, free)
        if columns is None:
            return None
        more = self._pairs(asking._replace(found=effort.found_pair), low, bound, effort, stop, free)
        if more is None:
            return None
        exact = more[1] and free is None and not effort.spread
        return Priced(columns + more[0], self._bound(duals, bound) if exact else None)

    def _shifts(
        self, asking: Asking, low: Ints, bound: Ints, effort: Effort, stop: Clocked, free: Flags | None
    ) -> list[Column] | None:
        field, columns = self.field, list[Column]()
        which = np.arange(len(field.single), dtype=np.int64)
        if free is not None:
            which = which[free[field.sheet.shift]]
        highest, loose = low[field.sheet.shift], np.zeros(len(field.single), dtype=np.int64)
        for deeper in (False, True):
            if deeper:
                which = np.flatnonzero((loose > 0) & (self._steps < MOST_STEPS))
                self._steps[which] *= DEEPER
            for at in range(0, len(which), AT_ONCE):
                if stop.struck():
                    return None
                part = which[at : at + AT_ONCE]
                steps = np.minimum(self._steps, effort.steps)
                runs = sweep(field.arrays, field.sheet, part, low, steps, asking, self.table)
                highest[part], loose[part] = runs.highest, runs.loose
                columns += self._columns(runs, [(s,) for s in field.sheet.shift[part].tolist()])
            if loose.sum() <= effort.loose:
                break
        bound[field.sheet.shift] = np.maximum(bound[field.sheet.shift], highest)
        return columns

    def _pairs(
        self, asking: Asking, low: Ints, bound: Ints, effort: Effort, stop: Clocked, free: Flags | None
    ) -> tuple[list[Column], bool] | None:
        """(columns, whether `bound` holds for all pairs)."""
        field, columns = self.field, list[Column]()
        shifts = field.team_shifts if free is None else field.team_shifts[free[field.team_shifts]]
        one, two, beyond, left = promising(field.arrays, field.teams, shifts, bound, asking, SCALE, MOST_PAIRS)
        order = np.argsort(-beyond, kind="stable")
        one, two = one[order], two[order]
        most = beyond[order] + bound[one] + bound[two]
        searched = min(effort.pairs, len(one))
        for at in range(0, searched, AT_ONCE):
            if stop.struck():
                return None
            s, t = one[at : min(searched, at + AT_ONCE)], two[at : min(searched, at + AT_ONCE)]
            runs = self._search_pairs(s, t, low, bound, asking)
            columns += self._columns(runs, list(zip(s.tolist(), t.tolist(), strict=True)))
        for i in range(searched, len(one)):
            bound[one[i]] += max(0, most[i] - bound[one[i]] - bound[two[i]])
        return columns, left == 0

    def _search_pairs(self, s: Ints, t: Ints, low: Ints, bound: Ints, asking: Asking) -> Runs:
        field = self.field
        steps = np.full(len(s), PAIR_STEPS, dtype=np.int64)
        return sweep_pairs(field.arrays, field.teams, s, t, low, bound, steps, asking, SCALE, self.table)

    def _columns(self, runs: Runs, seats: list[Seats]) -> list[Column]:
        return [
            self.field.column(seats[i], tuple(run[:length]))
            for i, length, run in zip(runs.block.tolist(), runs.length.tolist(), runs.run.tolist(), strict=True)
        ]

    def _bound(self, duals: Duals, shift: Ints) -> int:
        total = self.field.base.total * SCALE + int(duals.request.sum()) + int(shift.sum())
        week = duals.week[self._nth[:, 0]] - SCALE * self._nth[:, 1]
        first = self.field.moves.prep.weights.first_visit * SCALE - duals.idle[self._idle]
        total += int(np.maximum(0, week).sum()) + int(np.maximum(0, first).sum())
        return total // SCALE
