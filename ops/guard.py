"""A small process that cleans up after another one, however that one ended.

The owner tells it, line by line on its standard input, which process groups to end, which folders to
remove and which word marks the owner's descendants. When the pipe closes (the owner closed it, or was killed
with a signal nobody can catch), the guard ends and removes all of it. So `kill -9` leaves no orphan.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MARK = "DV_RUN_MARK"
GRACE_SECONDS = 8.0
# PostgreSQL waits on TERM for whoever is connected; nobody misses what a throw-away one had not written.
THROWAWAY_GRACE = 0.5


class Guard:
    """The owner's end of the pipe."""

    def __init__(self, mark: str = "", grace: float = GRACE_SECONDS) -> None:
        self.mark = mark
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).resolve()), str(grace)],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.pid = self._process.pid
        if mark:
            self._tell("mark", mark)

    def watch(self, group: int) -> None:
        """End this process group when the owner is gone."""
        self._tell("group", str(group))

    def forget(self, group: int) -> None:
        self._tell("forget", str(group))

    def remove(self, folder: Path) -> None:
        """Remove this folder when the owner is gone."""
        self._tell("remove", str(folder))

    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Let the guard end and remove everything it was told, and wait for it."""
        if self._process.stdin and not self._process.stdin.closed:
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                return
        self._process.wait()

    def _tell(self, word: str, value: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{word} {value}\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return  # the guard is gone; whoever supervises sees it through alive()


def running(group: int) -> bool:
    """Whether a process of the group still runs. Zombies do not count: they only wait to be reaped."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if not Path("/proc/self/stat").exists():
        return True
    return any(fields[0] != "Z" and int(fields[2]) == group for _, fields in _processes())


def signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def end_groups(groups: list[int], grace: float = GRACE_SECONDS) -> None:
    """TERM every group, wait at most `grace` seconds for them all, then KILL what is left."""
    for group in groups:
        signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while any(running(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        signal_group(group, signal.SIGKILL)


def marked(mark: str) -> list[int]:
    """Processes whose environment carries the mark, the caller left out (Linux; elsewhere none)."""
    needle = f"{MARK}={mark}".encode()
    found = []
    for pid, fields in _processes():
        if pid == os.getpid() or fields[0] == "Z":
            continue
        try:
            if needle in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(pid)
        except OSError:
            continue
    return found


def kill_marked(mark: str, spare: frozenset[int] = frozenset()) -> list[int]:
    """KILL what carries the mark, also what moved to a session of its own. Answers whom it found."""
    found = [pid for pid in marked(mark) if pid not in spare]
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    return found


def _processes() -> list[tuple[int, list[str]]]:
    """Every process with its stat fields from the state on: state, parent, group, session …"""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text(errors="replace")
        except OSError:
            continue
        found.append((int(entry.name), stat[stat.rindex(")") + 2 :].split()))
    return found


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    folders: list[Path] = []
    mark = ""
    for line in sys.stdin:
        word, _, value = line.strip().partition(" ")
        if word == "group":
            groups.append(int(value))
        elif word == "forget" and int(value) in groups:
            groups.remove(int(value))
        elif word == "remove":
            folders.append(Path(value))
        elif word == "mark":
            mark = value
    end_groups(groups, float(sys.argv[1]))
    if mark:
        kill_marked(mark)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
