"""The search: ranked insertion, then ruin and recreate, then a last pass that leaves nothing on the table."""

from __future__ import annotations

import math
import random

from matching.engine.elders import elders_first
from matching.engine.moves import Moves
from matching.engine.prepare import Prepared
from matching.engine.state import Move, State
from matching.stop import Either, Iterations, Stop

BLINK = 0.03
# Steps before the exact part begins.
FIRST_STEPS = 40
BOLD = 0.1
MOST_RUINED = 12
RELATED = 40
# One cooling from warm to cold, in iterations; then warm again from the best plan.
CYCLE = 1_500
WARM, COLD = 0.10, 0.002
# Beyond this many unserved requests an iteration tries a sample of them.
MOST_TRIED = 60
MOST_ELDERS = 300
# Exchanges tried for the older ones: all of them on a municipality's problem, a part on a region's.
MOST_EXCHANGES = 20_000


class Search:
    """One search for one problem; everything random comes from `seed`."""

    def __init__(self, prep: Prepared, seed: int) -> None:
        self.prep = prep
        self.moves = Moves(prep)
        self.rng = random.Random(seed)  # noqa: S311 - a search, not a secret
        self.iterations = 0
        self.exchanges = MOST_EXCHANGES
        options = self.moves.options
        self.open = [
            r
            for r in range(len(prep.requests))
            if options.wanted(r) and (options.single[r] or (options.is_pair(r) and options.members(r)))
        ]
        prizes = [prep.prize[r] for r in self.open] or [0]
        self.scale = sum(prizes) / len(prizes)
        self._related: dict[int, list[int]] = {}

    def first(self, stop: Stop, bound: int) -> State:
        """A first plan, and the first steps from it."""
        return self.better(self._construct(stop), Either(stop, Iterations(FIRST_STEPS)), bound)

    def better(self, best: State, stop: Stop, bound: int) -> State:
        """The best plan found from `best` on before `stop`, or one that reaches `bound`."""
        return self._improve(best, stop, bound) if len(self.open) > 1 else best

    def finish(self, best: State) -> State:
        """The plan with nothing left out that would gain, and equals in order of age."""
        return self._finish(best)

    # -- ranked insertion

    def _construct(self, stop: Stop) -> State:
        """The best of a few orders: by prize, and by how few could come; the older first in each."""
        prep, single = self.prep, self.moves.options.single
        scarce = {r: len(single[r]) or len(self.moves.options.members(r)) for r in self.open}
        orders = [
            sorted(self.open, key=lambda r: (-prep.prize[r], prep.released[r], r)),
            sorted(self.open, key=lambda r: (scarce[r], -prep.prize[r], prep.released[r], r)),
            sorted(self.open, key=lambda r: (-prep.prize[r] / prep.duration[r], prep.released[r], r)),
        ]
        best: State | None = None
        for order in orders:
            if best is not None and stop(0):
                break
            state = State(prep)
            for r in order:
                self._insert(state, r)
            if best is None or state.total > best.total:
                best = state
        assert best is not None
        return best

    def _insert(self, state: State, r: int, blink: float = 0.0, least: int = 0) -> Move | None:
        """Carry out the best move of a request if it gains more than `least` points."""
        move = self.moves.best(state, r, rng=self.rng if blink else None, blink=blink)
        if move is None or move.gain <= least:
            return None
        state.apply(move)
        return move

    # -- ruin and recreate

    def _improve(self, best: State, stop: Stop, bound: int) -> State:
        current = best
        while best.total < bound and not stop(self.iterations):
            step = self.iterations % CYCLE
            if step == 0:
                current = best
            self.iterations += 1
            trial = current.copy()
            freed = self._ruin(trial)
            self._recreate(trial, freed)
            heat = self.scale * WARM * (COLD / WARM) ** (step / CYCLE)
            if trial.total > current.total + heat * math.log(max(self.rng.random(), 1e-12)):
                current = trial
            if trial.total > best.total:
                best = trial
        return best

    def _ruin(self, state: State) -> list[int]:
        rng, prep = self.rng, self.prep
        served = [r for r in self.open if len(state.crew[r]) > len(prep.promised[r])]
        if not served:
            return []
        most = rng.randint(1, MOST_RUINED)
        kind = rng.random()
        if kind < 0.6:
            around = self._relatives(rng.choice(self.open))
            picked = [r for r in around if state.new_seats(r) and rng.random() < 0.8][:most]
        elif kind < 0.8:
            picked = rng.sample(served, min(most, len(served)))
        else:
            slots = {prep.slot[s] for r in rng.sample(served, min(2, len(served))) for s in state.new_seats(r)}
            picked = [r for r in served if any(prep.slot[s] in slots for s in state.new_seats(r))]
        for r in picked:
            if state.new_seats(r):
                state.remove(r)
        return [r for r in served if not state.new_seats(r)]

    def _relatives(self, r: int) -> list[int]:
        """Requests that compete with r: near it, and free at about the same time."""
        if r not in self._related:
            self._related[r] = sorted(self.open, key=lambda q: (self._apart(r, q), q))[:RELATED]
        return self._related[r]

    def _apart(self, r: int, q: int) -> float:
        prep = self.prep
        table = next(iter(prep.tables.values()))
        a, b = prep.place[r], prep.place[q]
        way = table[a][b] if a >= 0 and b >= 0 else 0
        common = any(max(x[0], y[0]) < min(x[1], y[1]) for x in prep.windows[r] for y in prep.windows[q])
        return way + (0 if common else 60) + (0 if prep.requests[r].skills == prep.requests[q].skills else 15)

    def _recreate(self, state: State, freed: list[int]) -> None:
        rng, prep = self.rng, self.prep
        gone = set(freed)
        waiting = [r for r in self.open if not state.full(r) and r not in gone]
        if len(waiting) > MOST_TRIED:
            waiting = rng.sample(waiting, MOST_TRIED)
        absent = freed + waiting
        rng.shuffle(absent)
        kind = rng.random()
        if kind < 0.4:
            absent.sort(key=lambda r: -prep.prize[r])
        elif kind < 0.6:
            absent.sort(key=lambda r: -prep.prize[r] / prep.duration[r])
        elif kind < 0.8:
            absent.sort(key=lambda r: len(self.moves.options.single[r]))
        # Two losses may be a gain together: a loss is sometimes taken, and given back if it stays one.
        least = -int(self.scale * rng.random()) if rng.random() < BOLD else 0
        losses = []
        for r in absent:
            move = self._insert(state, r, BLINK, least)
            if move is not None and move.gain <= 0:
                losses.append(r)
        for r in losses:
            self._give_back(state, r)

    def _give_back(self, state: State, r: int) -> None:
        trial = state.copy()
        trial.remove(r)
        if trial.total >= state.total:
            self._take_over(state, trial)

    # -- the last pass

    def _finish(self, state: State) -> State:
        """Insert whatever still gains, over all pairs; then let the older of equals have the seat."""
        state = state.copy()
        self._complete(state)
        for _ in self.open:
            if not self._favour_elders(state):
                break
            self._complete(state)
        return elders_first(state)

    def _complete(self, state: State) -> None:
        """Until no request left out would raise the total."""
        found = True
        while found:
            found = False
            for r in sorted(self.open, key=lambda r: (-self.prep.prize[r], self.prep.released[r], r)):
                move = None if state.full(r) else self.moves.best(state, r, every=True)
                if move is not None and move.gain > 0:
                    state.apply(move)
                    found = True

    def _favour_elders(self, state: State) -> bool:
        """Exchange served requests for older ones left out, where the total does not fall."""
        released = self.prep.released
        left_out = sorted((r for r in self.open if not state.full(r)), key=lambda r: (released[r], r))
        changes = sum(self._favour(state, elder) for elder in left_out[:MOST_ELDERS])
        return changes > 0

    def _favour(self, state: State, elder: int) -> bool:
        for younger in self._rivals(state, elder):
            if self.exchanges == 0:
                return False
            self.exchanges -= 1
            trial = state.copy()
            trial.remove(younger)
            move = self.moves.best(trial, elder)
            if move is not None and trial.total + move.gain >= state.total:
                trial.apply(move)
                self._take_over(state, trial)
                return True
        return False

    def _rivals(self, state: State, elder: int) -> list[int]:
        """Younger requests that sit where the elder could, and are not worth more by themselves."""
        prep, options = self.prep, self.moves.options
        pair = options.is_pair(elder)
        seats = set(options.members(elder)) if pair else {s for s, _ in options.single[elder]}
        return [
            r
            for r in self.open
            if prep.released[r] > prep.released[elder]
            and prep.team[r] == prep.team[elder]
            and prep.prize[r] <= prep.prize[elder] + prep.weights.day_waited * 31
            and state.new_seats(r)
            and seats.issuperset(state.new_seats(r))
        ]

    @staticmethod
    def _take_over(state: State, trial: State) -> None:
        for name in State.__slots__:
            setattr(state, name, getattr(trial, name))
