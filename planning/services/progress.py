"""How far a running round is: what the solver says, on the round's row, so that a page can show it."""

from __future__ import annotations

import time
from typing import Any

from planning.models import PlanRound
from planning.states import RoundState

# A page asks as seldom.
EVERY = 2.0


class Note:
    """Called with what the solver says, about once a second; writes at most once every two seconds."""

    def __init__(self, plan_round: PlanRound) -> None:
        self._mine = PlanRound.objects.filter(pk=plan_round.pk, state=RoundState.SOLVING)
        self._next = 0.0

    def __call__(self, reached: dict[str, Any]) -> None:
        if reached["requests"] and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._mine.update(progress=reached)
