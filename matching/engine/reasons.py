"""Why a request is left out: the first filter that leaves nobody, and whom it was about."""

from __future__ import annotations

from collections.abc import Callable

from matching.engine.moves import Moves
from matching.engine.runs import least_way, ride, ride_together
from matching.engine.state import State

Reason = tuple[str, frozenset[int]]
Filter = Callable[[int, int], bool]


class Reasons:
    """Reasons for one finished plan. The second part of each answer names those left before the filter."""

    def __init__(self, moves: Moves, state: State, base: State) -> None:
        self.moves, self.prep, self.state, self.base = moves, moves.prep, state, base
        # Of the request that is looked at: two filters ask for the same.
        self._found: tuple[int, dict[int, list[int]]] = (-1, {})

    def reason(self, r: int) -> Reason:
        """The code of the format page, and the volunteers it is about."""
        prep = self.prep
        left: frozenset[int] = self._asked(r)
        if not left:
            return "nobody_certified", frozenset()
        for code, passes in self._filters():
            after = frozenset(v for v in left if passes(r, v))
            if not after:
                return code, left
            left = after
        if self.moves.options.is_pair(r):
            pairs = self.pairs(r, left)
            if not pairs:
                return "no_pair", left
            left = pairs
        fits = frozenset(prep.owner[s] for move in self.moves.everywhere(self.state, r) for s in move.seats)
        return ("not_worth", fits) if fits else ("taken_by_others", left)

    def first_filter(self, r: int, v: int) -> str | None:
        """The first filter after the skills that this one volunteer does not pass."""
        return next((code for code, passes in self._filters() if not passes(r, v)), None)

    def _filters(self) -> list[tuple[str, Filter]]:
        return [
            ("nobody_speaks", self.prep.speaks),
            ("all_blocked", self.prep.welcome),
            ("too_far", self.prep.near),
            ("no_common_hours", self._has_hours),
            ("limits_reached", self._within_limits),
        ]

    def _asked(self, r: int) -> frozenset[int]:
        """Who is asked first: the skilled, or, where a skilled person has promised to come, anybody else."""
        prep = self.prep
        there = frozenset(prep.owner[s] for s in prep.promised[r])
        if there & prep.skilled[r]:
            return frozenset(range(len(prep.volunteers))) - there
        return prep.skilled[r] - there

    def _shifts(self, r: int, v: int) -> list[int]:
        """Usable shifts of one volunteer that fit the request alone, travel limit aside."""
        if self._found[0] != r:
            self._found = r, {}
        found = self._found[1]
        if v not in found:
            found[v] = self._find_shifts(r, v)
        return found[v]

    def _find_shifts(self, r: int, v: int) -> list[int]:
        prep, there = self.prep, self.prep.promised[r]
        if any(s in prep.conflicts for s in there):
            return []
        hosts = self.moves.options.hosts(r, frozenset((v,)))
        return [s for s in hosts if (not there or prep.day[s] == prep.day[there[0]]) and self._alone(r, s)]

    def _alone(self, r: int, s: int) -> bool:
        return ride(self.prep, s, (r,), any_travel=True) is not None

    def _has_hours(self, r: int, v: int) -> bool:
        return bool(self._shifts(r, v))

    def _within_limits(self, r: int, v: int) -> bool:
        return any(self._room(r, s) for s in self._shifts(r, v))

    def _room(self, r: int, s: int) -> bool:
        """Whether week and travel limit allow one visit beside the promises."""
        prep = self.prep
        if self.base.visits[prep.slot[s]] >= prep.limit[prep.slot[s]]:
            return False
        return least_way(prep, s, prep.base_runs[s], r) <= prep.most_travel[s]

    def pairs(self, r: int, skilled: frozenset[int]) -> frozenset[int]:
        """People of pairs that fit together and are within their limits, other new visits aside."""
        prep = self.prep
        together: set[int] = set()
        members = [s for s in self.moves.options.members(r) if self._room(r, s)]
        for s, t in self.moves.options.pairs(r, members):
            people = {prep.owner[s], prep.owner[t]}
            if people <= together or not people & skilled:
                continue
            if ride_together(prep, s, t, (r,)) is not None:
                together |= people
        return frozenset(together)
