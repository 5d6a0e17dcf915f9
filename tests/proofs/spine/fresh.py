"""A fresh clone, an empty HOME, an ordinary user: what the proofs of `./run` start and look at.

Debian's own Python is used where it is there (externally managed, pip from apt), else the running one.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from tests.services.fixtures import ROOT

FIRST_PAGE_SECONDS = 60.0
DEBIAN_PATH = "/usr/local/bin:/usr/bin:/bin"


class Clone:
    """A clone of the last commit, owned by an ordinary user, with nothing in its HOME."""

    def __init__(self, base: Path) -> None:
        self.base, self.folder, self.home = base, base / "clone", base / "home"
        self.user = "nobody" if os.geteuid() == 0 else None
        # Written when the first run has come to its end.
        self.installed = base / "installed"
        if not self.installed.exists():
            self._make()

    def _make(self) -> None:
        self.home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.folder)], check=True)
        if self.user:
            owner = pwd.getpwnam(self.user)
            for path in (self.base, *self.base.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)

    def environment(self, path: str, **more: str) -> dict[str, str]:
        # Where packages come from is this machine's business, all else is empty.
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        return {**pip, "PATH": path, "HOME": str(self.home), **more}

    def start(self, port: int, path: str | None = None, **more: str) -> Run:
        return Run(self, port, self.environment(path or python_path(), PORT=str(port), **more))

    def once(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["./run", *arguments], cwd=self.folder, env=self.environment(python_path(), **more),
            user=self.user, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

    def processes(self) -> list[str]:
        """Every process that runs from this clone, by its environment, its command or its folder."""
        needle = os.fsencode(self.folder)
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                if needle in command + (entry / "environ").read_bytes() + os.fsencode(os.readlink(entry / "cwd")):
                    found.append(f"{entry.name} {command.replace(bytes(1), b' ').decode(errors='replace')}")
            except OSError:
                continue
        return found


class Run:
    """One `./run` in the clone."""

    def __init__(self, clone: Clone, port: int, env: dict[str, str]) -> None:
        self.clone, self.port = clone, port
        self.var = Path(env.get("VAR_DIR", clone.folder / "var"))
        self.output = clone.base / f"output-{port}-{time.monotonic_ns()}"
        self.began = time.monotonic()
        with self.output.open("wb") as sink:
            self.process = subprocess.Popen(
                ["./run"], cwd=clone.folder, env=env, user=clone.user, stdin=subprocess.DEVNULL, stdout=sink,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def page(self, path: str = "/") -> str:
        """The page's text, with a fresh cookie jar (links sign people in)."""
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        try:
            with opener.open(f"http://localhost:{self.port}{path}", timeout=20) as answer:
                assert answer.status == 200
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            log = self.var / "log" / "web.log"
            raise AssertionError(f"{path} answers {error.code}:\n{log.read_text()[-4000:]}") from None

    def seconds_to_page(self, limit: float) -> float:
        """Seconds from the command to the first page."""
        while True:
            assert self.process.poll() is None, self.said()
            try:
                self.page()
                return time.monotonic() - self.began
            except OSError:
                assert time.monotonic() - self.began < limit * 3, self.said()
                time.sleep(0.05)

    def wait_for(self, text: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.said():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def wait_for_log(self, name: str, text: str, seconds: float = 60) -> None:
        log = self.var / "log" / f"{name}.log"
        deadline = time.monotonic() + seconds
        while not (log.exists() and text in log.read_text(errors="replace")):
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def python_path() -> str:
    """A PATH with Debian's Python where it is new enough and has pip, else the running one's."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    debian = subprocess.run(["/usr/bin/python3", "-c", question], capture_output=True, check=False)
    return DEBIAN_PATH if debian.returncode == 0 else f"{Path(sys.base_prefix) / 'bin'}:{DEBIAN_PATH}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def nothing_left(clone: Clone, seconds: float = 15) -> list[str]:
    deadline = time.monotonic() + seconds
    while clone.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    return clone.processes()


@contextmanager
def kept_or_new() -> Iterator[Clone]:
    """The clone of this `./run test` (PROOFS_CLONE names its folder), else one that vanishes after the file."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a clone")
    kept = Path(os.environ.get("PROOFS_CLONE") or "/nowhere")
    if (kept / "installed").exists() or (kept.exists() and not any(kept.iterdir())):
        yield Clone(kept)
        return
    base = Path(tempfile.mkdtemp(prefix="dv-clone-"))
    base.chmod(0o755)
    try:
        yield Clone(base)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def first_run(clone: Clone) -> dict[str, Any]:
    """From nothing to a page and back; what was seen on the way."""
    run = clone.start(free_port())
    try:
        seconds = run.seconds_to_page(FIRST_PAGE_SECONDS)
        run.wait_for("Ctrl-C")
        links = re.findall(r"http://localhost:\d+(/\S+)", run.said().partition("/en/")[2])
        signed_in = {link: run.page(link) for link in links}
        run.wait_for_log("worker", "succeeded in")
        seen = {"seconds": seconds, "page": run.page(), "english": run.page("/en/"), "links": signed_in}
        ended = {"code": run.stop(), "left": nothing_left(clone), "said": run.said()}
        clone.installed.touch()
        return {**seen, **ended}
    finally:
        run.process.kill()
        run.process.wait()
