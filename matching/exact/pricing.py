"""Pricing: the best runs at given duals, and the bound that any duals prove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matching.exact.arrays import Ints
from matching.exact.columns import Block, Blocks, Column
from matching.exact.cuts import Cuts, Half
from matching.exact.local import Task
from matching.exact.master import Duals
from matching.exact.orders import new_table
from matching.exact.quick import most_of_pairs
from matching.exact.scale import SCALE
from matching.exact.sets import Found, best_sets
from matching.stop import Clocked

# Steps for each block where all runs are listed.
MOST_STEPS = 4_000_000
# A search cannot be interrupted: it is given no more steps than there is time for. Of long runs, two to four million
# steps take a second; of short ones fewer, but their searches end by themselves.
STEPS_A_SECOND = 2_500_000


class Care(NamedTuple):
    """How a round prices: steps for each block, columns asked of a shift and of a pair.

    With `spread` = n > 0, what one block takes is dearer by 1/n of its prize for the next: there is no bound then,
    but the first columns are not all about the same few requests.
    """

    steps: int
    found: int
    found_pair: int
    spread: int = 0


@dataclass(slots=True)
class Priced:
    """`columns` worth more than their rows cost; `bound` in points, which no plan exceeds, where all were priced."""

    columns: list[Column]
    bound: int | None


def in_time(steps: int, stop: Clocked) -> int:
    """So many steps, or where a clock runs as many as it leaves time for."""
    left = stop.left()
    return steps if left is None else min(steps, int(left * STEPS_A_SECOND))


class Pricing:
    """Exact pricing over all blocks of a problem."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.most_steps, self.table = MOST_STEPS, new_table()
        prep = blocks.moves.prep
        self.travel = prep.weights.travel * SCALE
        self.week_of = np.array(prep.slot, dtype=np.int64)
        self.idle_of = np.array(prep.owner, dtype=np.int64)
        pairs = blocks.pairs
        self.pair_s = np.array([seats[0] for seats in pairs], dtype=np.int64)
        self.pair_t = np.array([seats[1] for seats in pairs], dtype=np.int64)
        sizes = [len(blocks.held[seats]) for seats in pairs]
        self.pair_first = np.cumsum([0, *sizes]).astype(np.int64)
        self.pair_of = np.repeat(np.arange(len(pairs)), sizes)
        flat = [(r, seats) for seats in pairs for r in blocks.held[seats]]
        self.pair_cand = np.array([r for r, _ in flat], dtype=np.int64)
        self.pair_worth = np.array([blocks.value[pair] for pair in flat], dtype=np.int64)
        way = np.array(blocks.base.way, dtype=np.int64)
        self.pair_base = (way[self.pair_s] + way[self.pair_t]) * self.travel
        # Pairs with something promised: their kernels know more than the bound on all pairs.
        self.filled = [i for i, seats in enumerate(pairs) if any(blocks.base.runs[s] for s in seats)]

    def price(self, duals: Duals, cuts: Cuts, stop: Clocked, care: Care) -> Priced | None:
        """New columns and the Lagrangian bound of these duals; None where it was stopped."""
        columns: list[Column] = []
        shift = duals.shift.copy()
        fee = self.fee(duals)
        self.cuts = cuts
        if care.spread:
            duals = replace(duals, request=duals.request.copy())
        for seats in self.blocks.single:
            if stop.struck():
                return None
            (s,) = seats
            self.most_steps = in_time(care.steps, stop)
            block = self.blocks.block(seats)
            found, highest = self._block(block, duals, fee, int(duals.shift[s]), care.found)
            columns += found
            self._spread(found, duals, care)
            shift[s] = max(shift[s], highest)
        promising = self._promising_pairs(duals, fee)
        for number in promising:
            if stop.struck():
                return None
            s, t = seats = self.blocks.pairs[number]
            self.most_steps = in_time(care.steps, stop)
            block = self.blocks.block(seats)
            found, highest = self._block(block, duals, fee, int(duals.shift[s] + duals.shift[t]), care.found_pair)
            columns += found
            self._spread(found, duals, care)
            # Both shifts' prices together must reach what the pair is worth.
            shift[s] += max(0, highest - int(shift[s] + shift[t]))
        return Priced(columns, None if care.spread else self._bound(duals, shift))

    def _spread(self, found: list[Column], duals: Duals, care: Care) -> None:
        """Make what the best of these columns takes dearer for those priced after it."""
        if care.spread and found:
            best = max(found, key=lambda column: column.profit)
            prizes = self.blocks.moves.prep.prize
            for r in best.new:
                duals.request[r] += prizes[r] * SCALE // care.spread

    def fee(self, duals: Duals) -> Ints:
        """By shift: what one more visit in it is charged, its week's price less its person's first-visit price."""
        fees: Ints = duals.week[self.week_of] - duals.idle[self.idle_of]
        return fees

    def _promising_pairs(self, duals: Duals, fee: Ints) -> list[int]:
        """Pairs whose visits could together be worth more than the two shifts' prices, the most promising first."""
        if not self.blocks.pairs:
            return []
        gain = self.pair_worth * SCALE - duals.request[self.pair_cand]
        gain -= (fee[self.pair_s] + fee[self.pair_t])[self.pair_of]
        best = most_of_pairs(self.blocks.arrays, self.pair_s, self.pair_t, self.pair_first, self.pair_cand, gain)
        best += self.pair_base
        for i in self.filled:
            best[i] += max(0, self._of_fills(self.blocks.fills(self.blocks.pairs[i]), duals, fee))
        best -= duals.shift[self.pair_s] + duals.shift[self.pair_t]
        order = np.argsort(-best, kind="stable")
        numbers: list[int] = order[best[order] > 0].tolist()
        return numbers

    def _of_fills(self, fills: tuple[tuple[int, int], ...], duals: Duals, fee: Ints) -> int:
        """What the open seats that a pair fills on its way are worth beyond their prices."""
        value = self.blocks.value
        return sum(SCALE * value[q, (m,)] - int(duals.request[q]) - int(fee[m]) for q, m in fills)

    def gains(self, block: Block, duals: Duals, fee: Ints) -> Ints:
        gain: Ints = block.worth * SCALE - duals.request[block.cand] - sum(int(fee[s]) for s in block.seats)
        return gain

    def _block(self, block: Block, duals: Duals, fee: Ints, price: int, most: int) -> tuple[list[Column], int]:
        """(columns worth more than `price`, the highest worth that any run of the block may have, or `price`)."""
        gain = self.gains(block, duals, fee)
        keep = (gain > self.travel * block.detour) | (block.helps > 0)
        if not keep.any():
            return [], price
        base = self._offset(block, duals, fee)
        found = self._search(block, gain, keep, price - base, most, duals)
        columns = [
            self.blocks.column(block.seats, tuple(found.runs[i, : found.lengths[i]].tolist()))
            for i in range(found.count)
        ]
        highest = max(price, int(found.values.max()) + base if found.count else price)
        return columns, max(highest, int(found.beyond) + base)

    def _search(self, block: Block, gain: Ints, keep: np.ndarray, threshold: int, most: int, duals: Duals) -> Found:
        cand = block.cand[keep]
        prices = duals.cut
        lists = [[k for k in self.cuts.triples_of.get(r, ()) if prices[k] > 0] for r in cand.tolist()]
        first = np.cumsum([0, *map(len, lists)]).astype(np.int64)
        flat = np.array([k for ks in lists for k in ks], dtype=np.int64)
        even = sum(int(prices[k]) for s in block.seats for k, _ in self.cuts.halves_of.get(self.cuts.week_of[s], ()))
        task = Task(
            np.array(block.seats, dtype=np.int64), np.array(block.promised, dtype=np.int64), cand, gain[keep],
            block.detour[keep], block.helps[keep], first, flat, prices, self._begun(block, len(prices)),
            self.travel, threshold, block.most, most, self.most_steps, even,
        )  # fmt: skip
        return best_sets(self.blocks.arrays, task, self.table)

    def reduced(self, column: Column, duals: Duals) -> int:
        """What a column is worth beyond the prices of its rows and cuts."""
        prep = self.blocks.moves.prep
        value = column.profit * SCALE - int(duals.request[list(column.new)].sum())
        for s, count in zip(column.seats, column.counts, strict=True):
            fee = int(duals.week[prep.slot[s]]) - int(duals.idle[prep.owner[s]])
            value -= int(duals.shift[s]) + count * fee
        return value - sum(entry * int(duals.cut[k]) for k, entry in self.cuts.entries(column))

    def _begun(self, block: Block, count: int) -> Ints:
        """By cut: how many of its rows every run of the block has."""
        begun = np.zeros(count, dtype=np.int64)
        for row in (*(self.cuts.requests + s for s in block.seats), *(q for q, _ in block.fills)):
            begun[self.cuts.triples_of.get(row, [])] += 1
        return begun

    def _offset(self, block: Block, duals: Duals, fee: Ints) -> int:
        """What every run of the block has beside what the kernel counts."""
        offset = block.base_way * self.travel + self._of_fills(block.fills, duals, fee)
        return offset - int(duals.cut[self._begun(block, len(duals.cut)) >= 2].sum())

    def every(self, duals: Duals, slack: int, most: int, stop: Clocked) -> list[Column] | None:
        """All columns whose reduced worth is above -slack, the best order of each set.

        None where there are too many, or where it was stopped.
        """
        fee = self.fee(duals)
        columns: list[Column] = []
        for seats in (*self.blocks.single, *self.blocks.pairs):
            # As thorough as can be, whatever was priced last.
            self.most_steps = in_time(MOST_STEPS, stop)
            block = self.blocks.block(seats)
            price = sum(int(duals.shift[s]) for s in block.seats) - slack
            price -= self._offset(block, duals, fee)
            found = self._every(block, self.gains(block, duals, fee), price, most - len(columns), duals)
            if found is None or stop.struck():
                return None
            columns += found
        return columns

    def _every(self, block: Block, gain: Ints, threshold: int, most: int, duals: Duals) -> list[Column] | None:
        keep = np.ones(len(gain), bool)
        found = self._search(block, gain, keep, threshold, -max(1, most), duals)
        if found.beyond > threshold:
            return None
        runs = [tuple(found.runs[i, : found.lengths[i]].tolist()) for i in range(found.count)]
        return [self.blocks.column(block.seats, run) for run in runs]

    def _bound(self, duals: Duals, shift: Ints) -> int:
        prep, base = self.blocks.moves.prep, self.blocks.base
        total = base.total * SCALE + int(duals.request.sum()) + int(shift.sum())
        for week in {prep.slot[s] for s in self.blocks.taking()}:
            for k in range(prep.limit[week] - base.visits[week]):
                price = int(duals.week[week])
                price += sum(int(duals.cut[c]) for c, free in self.cuts.halves_of.get(week, ()) if free <= k)
                total += max(0, price - SCALE * prep.kth_cost(week, base.visits[week] + k))
        for v in {prep.owner[s] for s in self.blocks.taking()}:
            if prep.volunteers[v].idle and base.trips[v] == 0:
                total += max(0, prep.weights.first_visit * SCALE - int(duals.idle[v]))
        for price, cut in zip(duals.cut.tolist(), self.cuts.all, strict=True):
            total += price * (cut.free // 2 if isinstance(cut, Half) else 1)
        return total // SCALE
