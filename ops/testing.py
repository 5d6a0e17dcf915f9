"""`./run test`: install what the tests need, run them on real services, add up what passed and failed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from ops import asvs, environment, place, proofs, throwaway
from ops.say import Trouble, say, step
from ops.supervisor import Supervisor

# What the tests drive, and the Debian packages it comes in. Fonts: the screenshots hold Cyrillic text.
PACKAGES = {
    "PostgreSQL": ["postgresql"],
    "Redis": ["redis-server"],
    # The wheel's own speaks no TLS, which Compose's does.
    "Redis with TLS": ["redis-server"],
    "Chromium": ["chromium", "fonts-dejavu-core", "fonts-liberation"],
    "Kannel": ["kannel", "kannel-extras"],
    # Calendars read what we write; both run under the system's own Python.
    "khal": ["khal"],
    "vdirsyncer": ["vdirsyncer"],
    # One forwards our log lines, one receives them.
    "rsyslog": ["rsyslog", "rsyslog-relp"],
}
# Debian's kannel-extras: an SMS centre that is not one.
FAKE_CENTRE = Path("/usr/lib/kannel/test/fakesmsc")
# Where Debian's own programs stand, whatever environment we run in.
SYSTEM = "/usr/local/bin:/usr/bin:/bin"
NO_TESTS = 5  # pytest's exit code when nothing was selected


def run(arguments: list[str]) -> int:
    """0 when every test passed. The last line is `N passed, N failed`."""
    options = {"--full", "--allow-missing"}
    full, allow = "--full" in arguments, "--allow-missing" in arguments
    chosen = [word for word in arguments if word not in options]
    supervisor = Supervisor(place.log_dir())
    try:
        environment.ensure("dev", supervisor)
        _need_programs(supervisor, allow)
        _need_tools(supervisor, allow)
        return _run_all(supervisor, chosen, full, allow)
    finally:
        supervisor.stop()


def missing_programs() -> list[str]:
    """Which of the programs in PACKAGES this machine lacks."""
    redis = throwaway.redis_binary(place.PYTHON.parent)
    found = {
        "PostgreSQL": throwaway.postgres_binaries() is not None,
        "Redis": redis is not None,
        "Redis with TLS": redis is not None and throwaway.speaks_tls(redis),
        "Chromium": bool(os.environ.get("CHROME_PATH"))
        or any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        "Kannel": shutil.which("bearerbox") is not None and FAKE_CENTRE.exists(),
        "khal": shutil.which("khal", path=SYSTEM) is not None,
        "vdirsyncer": shutil.which("vdirsyncer", path=SYSTEM) is not None,
        "rsyslog": rsyslog() is not None,
    }
    return [name for name, there in found.items() if not there]


def rsyslog() -> str | None:
    """Where rsyslogd stands; None where it or its RELP is missing."""
    relp = any(Path("/usr").glob("lib*/**/rsyslog/omrelp.so"))
    return shutil.which("rsyslogd", path=f"{SYSTEM}:/usr/sbin:/sbin") if relp else None


def _need_programs(supervisor: Supervisor, allow_missing: bool) -> None:
    missing = missing_programs()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt(supervisor, [package for name in missing for package in PACKAGES[name]])
        missing = missing_programs()
    if not missing:
        return
    names = ", ".join(missing)
    packages = " ".join(package for name in missing for package in PACKAGES[name])
    if not allow_missing:
        how = f"sudo apt install {packages}"
        raise Trouble(
            f"Липсва: {names}. Debian, Ubuntu: {how}. Без тях: ./run test --allow-missing.",
            f"Missing: {names}. Debian, Ubuntu: {how}. Without: ./run test --allow-missing.",
        )
    say(f"НЕ СЕ ДОКАЗВА без: {names}.", f"NOT PROVED without: {names}.")


def _need_tools(supervisor: Supervisor, allow_missing: bool) -> None:
    """What has an environment of its own. Without the package index it cannot be made."""
    try:
        environment.aside("fuzz", supervisor)
    except Trouble:
        if not allow_missing:
            raise
        say("НЕ СЕ ДОКАЗВА без: schemathesis.", "NOT PROVED without: schemathesis.")


def _apt(supervisor: Supervisor, packages: list[str]) -> None:
    # RUNLEVEL=1 keeps the packages from starting services of their own.
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    with step("apt-get update", "package lists"):
        supervisor.call("apt", ["apt-get", "update", "-qq"], env)
    with step(f"apt-get install {' '.join(packages)}", "installed"):
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        code, log = supervisor.call("apt", command, env)
    if code:
        raise Trouble("apt не успя.", "apt failed.", "\n".join(log.splitlines()[-8:]))


def _run_all(supervisor: Supervisor, chosen: list[str], full: bool, allow: bool) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dv-run-") as name:
        folder = Path(name)
        env = _environment(folder, full, allow)
        env["PROOFS_CLONE"] = str(_folder_of_the_clone(supervisor))
        codes, reports = [], []
        # Once for all, beside the first part: else every worker that plans would compile the optimiser for itself.
        compiler = [str(place.PYTHON), "-m", "matching", "compile"]
        with supervisor.helper("compile", compiler, env) as compiling:
            for title, arguments, more in _runs(chosen):
                report = folder / f"{title}.json"
                code = _pytest(arguments, {**env, **more, "TEST_REPORT": str(report)}, title)
                compiling.wait()
                if code != NO_TESTS:
                    codes.append(code)
                if report.exists():
                    reports.append(json.loads(report.read_text(encoding="utf-8")))
        seconds = time.monotonic() - started
        if full and codes and not any(codes):
            proofs.record(folder / "sizes", reports, seconds)
    if not codes:
        raise Trouble("Няма такива тестове.", "There are no such tests.")
    # Who chose some tests, or goes without a service, proves some things.
    unproved = [] if chosen or allow else asvs.unproved(reports)
    return _close(codes, reports, seconds, unproved)


def _environment(folder: Path, full: bool, allow: bool) -> dict[str, str]:
    env = {**os.environ, "PROOFS_LOG": str(folder / "sizes")}
    for flag, wanted in (("PROOFS_FULL", full), ("ALLOW_MISSING", allow)):
        env[flag] = "1" if wanted else "0"
    if env.pop("PYTHONDONTWRITEBYTECODE", ""):
        # A hundred processes would compile every library anew, each for seconds. The tree still stays clean.
        env["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    return env


def _folder_of_the_clone(supervisor: Supervisor) -> Path:
    """Where the fresh clone is measured, and then serves the rest; an ordinary user may enter. It goes with us."""
    folder = Path(tempfile.mkdtemp(prefix="dv-clone-"))
    folder.chmod(0o755)
    supervisor.guard.remove(folder)
    return folder


def _runs(chosen: list[str]) -> list[tuple[str, list[str], dict[str, str]]]:
    """Title, pytest's arguments and more environment: the SQLite default, what measures seconds, all the rest."""
    if any(word.startswith("-m") for word in chosen):
        return [("main", [*_workers(chosen), *chosen], {})]
    smoke, alone = _holding("sqlite_smoke", chosen), _holding("alone", chosen)
    return [
        ("SQLite", [*smoke, *chosen, "-m", "sqlite_smoke", "-n", "0"], {"TEST_DATABASE": "sqlite"}),
        ("alone", [*alone, *chosen, "-m", "alone", "-n", "0"], {}),
        ("main", [*_workers(chosen), *chosen, "-m", "not alone"], {}),
    ]


def _holding(mark: str, chosen: list[str]) -> list[str]:
    """The files with this mark, so that only they are read; none when the caller named what to run."""
    if any(not word.startswith("-") for word in chosen):
        return []
    files = sorted((place.ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(place.ROOT)) for path in files if f"mark.{mark}" in path.read_text(encoding="utf-8")]


def _workers(chosen: list[str]) -> list[str]:
    if any(word.startswith(("-n", "--numprocesses", "-p")) for word in chosen):
        return []
    # One more than processors: many tests wait for a worker or a browser. A file stays together with what it set up.
    workers = max(2, os.cpu_count() or 2) + 1
    return ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]


def _pytest(arguments: list[str], env: dict[str, str], title: str) -> int:
    """Run pytest in our own terminal; what it starts ends with its guard."""
    say(f"— {title}: pytest {' '.join(arguments)}")
    process = subprocess.Popen([str(place.PYTHON), "-m", "pytest", *arguments], cwd=place.ROOT, env=env)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _close(codes: list[int], reports: list[dict[str, Any]], seconds: float, unproved: list[str]) -> int:
    def total(*words: str) -> int:
        return sum(report["counts"].get(word, 0) for report in reports for word in words)

    failed = total("failed", "error")
    if any(codes) and not failed:
        failed = 1  # pytest itself did not come through, and said why above
    if unproved and not failed:
        failed = len(unproved)
    for one in unproved:
        say(f"docs/asvs.csv: {one} не мина", "did not pass in this run")
    if skipped := total("skipped"):
        say(f"Пропуснати: {skipped}", f"Skipped: {skipped}")
    say(f"Общо {seconds:.0f} s", f"{seconds:.0f} s in all")
    say(f"{total('passed')} passed, {failed} failed")
    return 1 if failed else 0
