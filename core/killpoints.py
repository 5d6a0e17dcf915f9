"""Named places where a proof may kill the process, to show that nothing is lost there.

`KILL_AT=send.after` kills at the first time this process passes the point, `KILL_AT=send.after:3` at the
third, `KILL_AT=claim.after@sending` only where the module of that name passes it (several rooms claim and
commit). Several points stand with spaces between them. A marker file remembers each, so the process that is
started again in its place passes it and dies at the next, or lives. Only the test suite and the demonstration
listen; in an installation with real people `reach` does nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from pathlib import Path

from django.conf import settings

POINTS = frozenset(
    f"{what}.{when}" for what in ("claim", "solve", "offer", "send", "commit") for when in ("before", "after")
)
_passed: Counter[str] = Counter()


def reach(point: str) -> None:
    """Pass a named point, or die here when the environment asks for it. KeyError on an unknown name."""
    if point not in POINTS:
        raise KeyError(point)
    module = sys._getframe(1).f_globals["__name__"].rpartition(".")[2]
    counts = [count for name, where, count in _asked() if name == point and where in ("", module)]
    if not counts or not (settings.BUILDING or settings.DEMO):
        return
    _passed[point] += 1
    if _passed[point] < min(counts):
        return
    try:
        with marker(point).open("x", encoding="ascii") as file:
            file.write(str(os.getpid()))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _asked() -> list[tuple[str, str, int]]:
    """Point, module (any where it is empty) and time of passing, as KILL_AT names them."""
    found = []
    for word in os.environ.get("KILL_AT", "").split():
        wanted, _, count = word.partition(":")
        name, _, where = wanted.partition("@")
        found.append((name, where, int(count or 1)))
    return found


def marker(point: str) -> Path:
    """The file that says the process died at this point; remove it to die there again."""
    return Path(settings.VAR_DIR) / f"killed-at-{point}"
