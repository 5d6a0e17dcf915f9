"""Only one process of a machine compiles at a time; who comes meanwhile waits and finds the kernels made."""

from __future__ import annotations

import contextlib
import fcntl
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK = "compiling.lock"


@contextlib.contextmanager
def compiling_alone(folder: Path, say: bool) -> Iterator[None]:
    """Hold the lock of a folder of kernels. The system frees it when its holder dies, so that an old file hangs nobody.

    Where no file can be made there is nothing to wait for.
    """
    with contextlib.ExitStack() as open_files:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = open_files.enter_context((folder / LOCK).open("w"))
        except OSError:
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if say:
                print("matching: waiting for another process that is compiling …", file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
