"""The last pass over a plan: nothing is left on the table, and of equals the older one has the seat."""

from __future__ import annotations

from matching.engine.elders import elders_first
from matching.engine.moves import Moves
from matching.engine.state import State

MOST_ELDERS = 300
# Exchanges tried for the older ones: all of them on a municipality's problem, a part on a region's.
MOST_EXCHANGES = 20_000


class LastPass:
    """For one problem, whose requests `asked` may be seated."""

    def __init__(self, moves: Moves, asked: list[int]) -> None:
        self.prep, self.moves = moves.prep, moves
        self.open = asked
        self.exchanges = MOST_EXCHANGES

    def over(self, state: State) -> State:
        """The plan with whatever still gains, over all pairs, and then with the older of equals in the seat."""
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
