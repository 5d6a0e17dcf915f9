"""A second process for a large problem: it proves the bound while this one keeps and betters the plan.

Forked, so that what was prepared is shared. The two exchange messages by a pipe and neither waits for the other: where
the helper dies, the plan goes on without it; where this process dies, the helper ends at its next look at the clock.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

Message = tuple[str, Any]


class Line:
    """One end of the pipe; what cannot be sent or received any more is as if nothing had been said."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def send(self, kind: str, what: Any) -> None:
        try:
            self._pipe.send((kind, what))
        except OSError:
            # The other one is gone.
            self._pipe.close()

    def heard(self) -> list[Message]:
        """All that was said since."""
        messages: list[Message] = []
        try:
            while not self._pipe.closed and self._pipe.poll():
                messages.append(self._pipe.recv())
        except (EOFError, OSError):
            self._pipe.close()
        return messages


class Orphaned:
    """A stop rule: the process that started this one is gone."""

    def __init__(self) -> None:
        # Who forked this process is known even where they were killed before its first step.
        parent = multiprocessing.parent_process()
        self._parent = os.getppid() if parent is None else parent.pid

    def __call__(self, done: int) -> bool:
        return os.getppid() != self._parent


class Helper:
    """A process that runs `work(line)` and ends with this one."""

    def __init__(self, work: Callable[[Line], None]) -> None:
        here, there = multiprocessing.Pipe()
        # Fork: the prepared problem is large, and this process has no threads at this point.
        self.process = multiprocessing.get_context("fork").Process(target=_run, args=(work, here, there), daemon=True)
        self.process.start()
        there.close()
        self.line = Line(here)

    def alive(self) -> bool:
        return self.process.is_alive()

    def end(self) -> None:
        self.process.kill()
        self.process.join()


def _run(work: Callable[[Line], None], here: Connection, there: Connection) -> None:
    here.close()
    work(Line(there))
