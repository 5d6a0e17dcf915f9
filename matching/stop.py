"""When to stop: small callables, asked before every step of the search."""

from __future__ import annotations

import time
from collections.abc import Callable

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


class Either:
    """Stop when the first of several rules says so."""

    def __init__(self, *rules: Stop) -> None:
        self.rules = rules

    def __call__(self, done: int) -> bool:
        return any(rule(done) for rule in self.rules)
