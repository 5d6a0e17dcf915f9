"""Debian's khal and vdirsyncer, as a volunteer's calendar would read us; both run outside our environment."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ops.testing import SYSTEM

KHAL = """
[calendars]
[[visits]]
path = {folder}
[locale]
local_timezone = Europe/Sofia
default_timezone = Europe/Sofia
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = visits
[sqlite]
path = {cache}
"""
VDIRSYNCER = """
[general]
status_path = "{status}"
[pair visits]
a = "site"
b = "here"
collections = null
[storage site]
type = "http"
url = "{url}"
[storage here]
type = "filesystem"
path = "{folder}"
fileext = ".ics"
"""
FORMAT = "{start} > {end} | {title} | {location} | {status} | {uid}"


def need() -> None:
    """Skip where this was allowed; else missing programs are a failure."""
    if missing := [name for name in ("khal", "vdirsyncer") if shutil.which(name, path=SYSTEM) is None]:
        if os.environ.get("ALLOW_MISSING") == "1":
            pytest.skip(f"needs {', '.join(missing)}")
        pytest.fail(f"not installed: {', '.join(missing)} (Debian: apt install khal vdirsyncer)")


class Calendar:
    """A calendar on this machine: filled by vdirsyncer or from a file, read by khal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "visits", folder
        self.folder.mkdir(parents=True)
        self.khal_config, self.sync_config = folder / "khal.conf", folder / "vdirsyncer.conf"
        self.khal_config.write_text(KHAL.format(folder=self.folder, cache=folder / "khal.db"))

    def bring_in(self, text: str) -> None:
        """`khal import` of a whole calendar, as when a file is opened."""
        path = self.home / "all.ics"
        path.write_bytes(text.encode())
        self._run("khal", "-c", str(self.khal_config), "import", "--batch", "-a", "visits", str(path))

    def sync(self, url: str) -> None:
        settings = VDIRSYNCER.format(status=self.home / "status", url=url, folder=self.folder)
        self.sync_config.write_text(settings)
        self._run("vdirsyncer", "-c", str(self.sync_config), "discover", answers="y\n" * 5)
        self._run("vdirsyncer", "-c", str(self.sync_config), "sync")

    def entries(self, first: str, days: int) -> list[str]:
        """What khal shows from a day on, in local time."""
        said = self._run(
            "khal", "-c", str(self.khal_config), "list", "--day-format", "", "--format", FORMAT, first, f"{days}d"
        )
        return [line.strip() for line in said.splitlines() if line.strip()]

    def texts(self) -> list[str]:
        return [path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.ics"))]

    def _run(self, *command: str, answers: str = "") -> str:
        env = {"HOME": str(self.home), "PATH": SYSTEM, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "Europe/Sofia"}
        done = subprocess.run(
            command, input=answers, capture_output=True, text=True, env=env, timeout=120, cwd=self.home
        )
        assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
        return done.stdout
