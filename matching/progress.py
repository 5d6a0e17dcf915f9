"""How far a plan in the making is: the engine tells it where it happens, whoever shows it reads it at any time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.engine.state import State

FIRST, PRICING, PARTS, PROOF, SEARCH, LAST = "first plan", "pricing", "parts", "proof", "search", "last pass"
PHASES = (FIRST, PRICING, PARTS, PROOF, SEARCH, LAST)


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known at one moment. Before the first plan `served` and `total` are 0; `gap` as in a plan, or None."""

    phase: str
    served: int
    requests: int
    total: int
    bound: int | None
    gap: float | None

    def dump(self) -> dict[str, object]:
        """The JSON value."""
        return asdict(self)


class Progress:
    """Told of phases, better plans and lower bounds; `reached` may be asked from another thread."""

    def __init__(self) -> None:
        self._phase, self._state, self._bound = FIRST, None, None  # type: str, State | None, int | None

    def begin(self, phase: str) -> None:
        """One of PHASES has begun."""
        self._phase = phase

    def told(self, state: State, bound: int | None = None) -> None:
        """A plan, and what no plan exceeds; what is worse than what is known changes nothing."""
        if self._state is None or state.total > self._state.total:
            self._state = state
        if bound is not None and (self._bound is None or bound < self._bound):
            self._bound = bound

    def reached(self) -> Reached:
        """How far it is now. Counts the served requests only when it is asked."""
        state, bound = self._state, self._bound
        if state is None:
            return Reached(self._phase, 0, 0, 0, bound, None)
        served = sum(state.full(r) for r in range(len(state.crew)))
        gap = None if bound is None else max(0, bound - state.total) / max(1, abs(bound))
        return Reached(self._phase, served, len(state.crew), state.total, bound, gap)
