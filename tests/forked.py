"""A piece of work in a process of its own, without a program's start: it dies at a named point as any other would."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from django.db import connections

NOT_KILLED = 17


def killed_at(point: str, work: Callable[[], object], seconds: float = 30.0) -> bool:
    """Do the work in a copy of this process which dies at `point`; whether `kill -9` was its end.

    What it needs is imported already. It opens a database connection of its own, so another process sees the rows.
    """
    child = os.fork()
    if not child:
        _work_and_end(point, work)
    deadline = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError(f"the work neither died at {point} nor came to its end")
        time.sleep(0.01)


def _work_and_end(point: str, work: Callable[[], object]) -> None:
    """In the child, which never comes back to the tests."""
    try:
        os.environ["KILL_AT"] = point
        for one in connections.all(initialized_only=True):
            # The parent's: closing it here would end it there.
            one.connection = None
        work()
    finally:
        os._exit(NOT_KILLED)
