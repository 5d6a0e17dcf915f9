"""When to stop: small callables, asked before every step of the search."""

from __future__ import annotations

import time
from collections.abc import Callable

from matching.progress import Progress

Stop = Callable[[int], bool]
"""`stop(iterations done so far)` is True when the search must end."""


class Iterations:
    """Stop after a number of iterations: the same plan every time."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, done: int) -> bool:
        return done >= self.most


class Seconds:
    """Stop at an instant of the monotonic clock; `struck` tells that it did."""

    def __init__(self, seconds: float, since: float | None = None) -> None:
        self.deadline = (time.monotonic() if since is None else since) + seconds
        self.struck = False

    def __call__(self, done: int) -> bool:
        self.struck = self.struck or time.monotonic() >= self.deadline
        return self.struck


class Clocked:
    """A stop rule with its count of steps, for everything that is not the search itself; `progress` is told of it."""

    def __init__(self, rule: Stop, done: int = 0, progress: Progress | None = None) -> None:
        self.rule, self.done = rule, done
        # Of a part nobody is told: its plans are no plans of the whole.
        self.progress = progress or Progress()

    def step(self) -> bool:
        """Count one step; whether to stop."""
        self.done += 1
        return self.rule(self.done)

    def struck(self) -> bool:
        return self.rule(self.done)

    def share(self, part: float) -> Clocked:
        """A rule that strikes when this part of the time left has gone; this very rule where no clock runs."""
        left = self.left()
        return self if left is None else Clocked(Either(self.rule, Seconds(left * part)), self.done, self.progress)

    def left(self) -> float | None:
        """Seconds left, None where no clock runs."""
        return seconds_left(self.rule)


def seconds_left(rule: Stop) -> float | None:
    """The least time that any clock in a rule leaves, None where it has none."""
    if isinstance(rule, Seconds):
        return max(0.0, rule.deadline - time.monotonic())
    if isinstance(rule, Either):
        found = [left for left in map(seconds_left, rule.rules) if left is not None]
        return min(found, default=None)
    return None


class Either:
    """Stop when the first of several rules says so."""

    def __init__(self, *rules: Stop) -> None:
        self.rules = rules

    def __call__(self, done: int) -> bool:
        return any(rule(done) for rule in self.rules)
