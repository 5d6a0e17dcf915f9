"""Finding the best seat for a request in a standing plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matching.engine.options import Options, Pair
from matching.engine.prepare import Prepared
from matching.engine.runs import Run, ride, ride_together
from matching.engine.state import ALONE, Move, State

_Fit = tuple[int, int] | None
# Fits are remembered by the content of a run; past this many runs memory matters more.
MOST_REMEMBERED = 200_000


class Moves:
    """Insertions of one request. What a run's content allows is remembered, whatever plan it stands in."""

    def __init__(self, prep: Prepared) -> None:
        self.prep = prep
        self.options = Options(prep)
        self._fits: dict[tuple[int, int, Run], dict[int, _Fit]] = {}

    def best(self, state: State, r: int, *, every: bool = False) -> Move | None:
        """The move of highest gain, which may be negative; of equals the first in the order of the file.

        `every` looks at all pairs of a team, not only at the near ones.
        """
        if state.full(r):
            return None
        if self.options.is_pair(r):
            pairs = self._free_pairs(state, r) if every else self.options.near_pairs(r)
            return self._best_pair(state, r, pairs)
        return self._best_single(state, r)

    def _best_single(self, state: State, r: int) -> Move | None:
        prep, weight = self.prep, self.prep.weights.travel
        best: Move | None = None
        floor = -(2**62)
        for s, value in self.options.single[r]:
            if state.mate[s] != ALONE or state.visits[prep.slot[s]] >= prep.limit[prep.slot[s]]:
                continue
            points = value + state.one_more(s)
            # Without the triangle inequality a visit may save at most the whole way of the run.
            if points + weight * state.way[s] <= floor:
                continue
            fit = self._fit(state.runs[s], r, s)
            if fit is not None and points - weight * (fit[0] - state.way[s]) > floor:
                floor = points - weight * (fit[0] - state.way[s])
                best = Move(floor, r, (s,), fit[1])
        return best

    def _best_pair(self, state: State, r: int, pairs: Iterable[Pair]) -> Move | None:
        weight = self.prep.weights.travel
        best: Move | None = None
        floor = -(2**62)
        for s, t, value in pairs:
            if not self._may_go_together(state, s, t):
                continue
            before = state.way[s] + state.way[t]
            points = value + state.one_more(s) + state.one_more(t)
            if points + weight * before <= floor:
                continue
            fit = self._fit(state.runs[s], r, s, t)
            if fit is not None and points - weight * (fit[0] - before) > floor:
                floor = points - weight * (fit[0] - before)
                best = Move(floor, r, (s, t), fit[1])
        return best

    def _free_pairs(self, state: State, r: int) -> Iterator[Pair]:
        """Every pair that might take a team as things are: shifts that are empty, or hold common visits only."""
        prep = self.prep
        free = [
            s
            for s in self.options.members(r)
            if state.visits[prep.slot[s]] < prep.limit[prep.slot[s]]
            and all(len(state.crew[q]) == 2 for q in state.runs[s])
        ]
        for s, t in self.options.pairs(r, free):
            if self._may_go_together(state, s, t):
                yield s, t, prep.worth(r, (s, t))

    def _may_go_together(self, state: State, s: int, t: int) -> bool:
        """Both have room in their week, and all their visits of these shifts, if any, are common ones."""
        slot, limit, visits = self.prep.slot, self.prep.limit, state.visits
        if visits[slot[s]] >= limit[slot[s]] or visits[slot[t]] >= limit[slot[t]]:
            return False
        if state.mate[s] == t:
            return True
        if state.mate[s] != ALONE or state.mate[t] != ALONE or state.runs[s] != state.runs[t]:
            return False
        return all(set(state.crew[r]) == {s, t} for r in state.runs[s])

    def _fit(self, run: Run, r: int, s: int, t: int = ALONE) -> _Fit:
        """(travel of the whole run with r at its best position, that position)."""
        known = self._fits.get((s, t, run))
        if known is None:
            if len(self._fits) >= MOST_REMEMBERED:
                self._fits.clear()
            known = self._fits[s, t, run] = {}
        if r not in known:
            known[r] = self._find_fit(run, r, s, t)
        return known[r]

    def _find_fit(self, run: Run, r: int, s: int, t: int) -> _Fit:
        best: _Fit = None
        for at in range(len(run) + 1):
            longer = (*run[:at], r, *run[at:])
            if t == ALONE:
                way = ride(self.prep, s, longer)
            else:
                ways = ride_together(self.prep, s, t, longer)
                way = None if ways is None else sum(ways)
            if way is not None and (best is None or way < best[0]):
                best = way, at
        return best

    def everywhere(self, state: State, r: int) -> Iterator[Move]:
        """The best position in each shift, or pair of shifts, that can take the request as things are."""
        if state.full(r):
            return
        if self.options.is_pair(r):
            for pair in self._free_pairs(state, r):
                move = self._best_pair(state, r, (pair,))
                if move is not None:
                    yield move
            return
        for s, value in self.options.single[r]:
            move = self._into(state, r, s, value)
            if move is not None:
                yield move

    def into(self, state: State, r: int, s: int) -> Move | None:
        """The best position of a request that asks one person, in this shift of `options.single`."""
        return self._into(state, r, s, next(value for t, value in self.options.single[r] if t == s))

    def _into(self, state: State, r: int, s: int, value: int) -> Move | None:
        prep = self.prep
        if state.mate[s] != ALONE or state.visits[prep.slot[s]] >= prep.limit[prep.slot[s]]:
            return None
        fit = self._fit(state.runs[s], r, s)
        if fit is None:
            return None
        return Move(value + state.one_more(s) - prep.weights.travel * (fit[0] - state.way[s]), r, (s,), fit[1])
