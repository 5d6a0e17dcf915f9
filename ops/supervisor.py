"""One parent for every process: it starts them, watches them and ends them all together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from ops import guard
from ops.say import Trouble

PR_SET_PDEATHSIG = 1
TAIL_LINES = 20
WATCH_SECONDS = 0.2


class Stopped(BaseException):
    """Somebody asked us to stop: Ctrl-C, TERM or the end of the terminal."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:])


class Supervisor:
    """Children live in sessions of their own, so a Ctrl-C reaches them through us and in our order.

    A guard process ends them when this one is killed; a mark in their environment finds grandchildren that
    moved away.
    """

    def __init__(self, logs: Path, grace: float = guard.GRACE_SECONDS) -> None:
        self.logs, self.grace = logs, grace
        self.mark = uuid.uuid4().hex
        self.guard = guard.Guard(self.mark, grace)
        self.children: list[Child] = []
        self._hurry = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def start(self, name: str, command: list[str], env: dict[str, str], cwd: Path | None = None) -> Child:
        """Start a child that lives as long as we do. Its output goes to `<name>.log`."""
        log = self.logs / f"{name}.log"
        child = Child(name, self._spawn(command, env, log, cwd), log)
        self.children.append(child)
        return child

    def call(self, name: str, command: list[str], env: dict[str, str]) -> tuple[int, str]:
        """Run a command to its end and answer its exit code and its output (kept in `<name>.log`)."""
        with self.helper(name, command, env) as process:
            code = process.wait()
        return code, (self.logs / f"{name}.log").read_text(errors="replace")

    @contextmanager
    def helper(
        self, name: str, command: list[str], env: dict[str, str], pipe: bool = False
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A child that is expected to end by itself; it is ended when the block is left early."""
        process = self._spawn(command, env, self.logs / f"{name}.log", None, pipe)
        try:
            yield process
        finally:
            if process.poll() is None:
                guard.end_groups([process.pid], grace=3)
                process.wait()
            if process.stdout:
                process.stdout.close()
            self.guard.forget(process.pid)

    def check(self) -> None:
        """Raise Trouble when a child (or the guard) has ended."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                tail = child.tail()
                if "No space left" in tail or "disk is full" in tail:
                    raise disk_full()
                how_bg = f"сигнал {-code}" if code < 0 else f"код {code}"
                how_en = f"signal {-code}" if code < 0 else f"exit {code}"
                raise Trouble(
                    f"Процесът „{child.name}“ спря ({how_bg}), затова спира всичко.",
                    f"The process {child.name} ended ({how_en}), so everything stops.",
                    tail,
                )
        if not self.guard.alive():
            raise Trouble(
                "Процесът „guard“ спря, затова спира всичко.", "The process guard ended, so everything stops."
            )

    def drop(self, child: Child) -> None:
        """End one child and forget it."""
        guard.end_groups([child.process.pid], grace=3)
        child.process.wait()
        self.children.remove(child)
        self.guard.forget(child.process.pid)

    def watch(self) -> None:
        """Wait until somebody asks us to stop (Stopped) or a child ends (Trouble)."""
        while True:
            self.check()
            time.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        """End everything: first those that use the broker, then the broker, then what strayed."""
        self._stopping = True
        for name_is_broker in (False, True):
            groups = [c.process.pid for c in self.children if (c.name == "broker") is name_is_broker]
            self._end(groups)
        guard.kill_marked(self.mark)
        for child in self.children:
            child.process.wait()
        self.guard.close()

    _stopping = False

    def _end(self, groups: list[int]) -> None:
        for group in groups:
            guard.signal_group(group, signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        while not self._hurry and time.monotonic() < deadline and any(map(guard.running, groups)):
            for child in self.children:
                child.process.poll()
            time.sleep(0.05)
        for group in groups:
            guard.signal_group(group, signal.SIGKILL)

    def _spawn(
        self, command: list[str], env: dict[str, str], log: Path, cwd: Path | None, pipe: bool = False
    ) -> subprocess.Popen[bytes]:
        with log.open("wb") as sink:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env={**env, guard.MARK: self.mark},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if pipe else sink,
                stderr=sink,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self.guard.watch(process.pid)
        return process

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if self._stopping:
            self._hurry = self._hurry or number == signal.SIGINT
            return
        self._stopping = True
        raise Stopped


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def disk_full() -> Trouble:
    return Trouble("Дискът е пълен.", f"The disk is full ({os.fspath(Path.cwd())}).")
