"""Time limits in seconds of this process's CPU, so that a busy machine takes nothing from anybody."""

from __future__ import annotations

import time

from matching.stop import Seconds

# As the command line does: time kept back for the last pass and the reasons.
RESERVE_SHARE, MOST_RESERVE = 0.1, 0.5


def for_search(seconds: float) -> float:
    """What is left of a limit for the search, so that the finished plan is there within it."""
    return seconds - min(MOST_RESERVE, seconds * RESERVE_SHARE)


class CpuSeconds(Seconds):
    """A stop rule like `Seconds` that counts CPU seconds since the process began, or since the instant `since`.

    What asks for the seconds left gets CPU seconds, which on an idle core are the same.
    """

    def __init__(self, seconds: float, since: float = 0.0) -> None:
        self._until = since + seconds
        self.struck = False

    @property
    def deadline(self) -> float:  # type: ignore[override]
        return time.monotonic() + self.left()

    def left(self) -> float:
        """CPU seconds left, negative when it is over."""
        return self._until - time.process_time()

    def __call__(self, done: int) -> bool:
        self.struck = self.struck or self.left() <= 0
        return self.struck
