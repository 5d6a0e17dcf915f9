"""`./run weaknesses --index`: what the package index says today, asked of a server that answers as the index does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ops import index, locks, weaknesses
from ops.say import Trouble

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Pages = dict[str, Any]


def files(days: float, *, yanked: bool = False) -> list[dict[str, Any]]:
    return [{"upload_time_iso_8601": (NOW - timedelta(days=days)).isoformat(), "yanked": yanked}]


def page(newest: str, weak: list[dict[str, Any]] | None = None, **others: list[dict[str, Any]]) -> dict[str, Any]:
    releases = {name.removeprefix("v").replace("_", "."): said for name, said in others.items()}
    return {"info": {"version": newest}, "releases": {newest: files(30), **releases}, "vulnerabilities": weak or []}


def known(name: str, *aliases: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "aliases": list(aliases), "fixed_in": [], "withdrawn": None, **more}


@pytest.fixture
def pages() -> Pages:
    """Library → what the index answers: an object, rubbish, or a status."""
    return {}


@pytest.fixture
def address(pages: Pages) -> Iterator[str]:
    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = pages.get(self.path.split("/")[2], 404)
            self.send_response(said if isinstance(said, int) else 200)
            self.end_headers()
            self.wfile.write(said.encode() if isinstance(said, str) else json.dumps(said).encode())

        def log_message(self, *_line: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/pypi"
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.txt").write_text("Thing==1.5 \\\n    --hash=sha256:0\n", encoding="utf-8")
    return tmp_path


def test_the_newest_of_which_nothing_is_known_is_good_news(
    address: str, pages: Pages, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages["thing"] = page("1.5", v1_4=files(90), v2_0rc1=files(1))
    assert weaknesses.report_of_index(address, NOW, folder) == 0
    assert "1 of 1 are the newest" in (told := capsys.readouterr().out) and "1 libraries, 0 overdue" in told
    pages["thing"] = page("1.5", [known("PYSEC-2026-1", withdrawn="2026-11-01T00:00:00Z")])
    assert weaknesses.report_of_index(address, NOW, folder) == 0
    assert "PYSEC" not in capsys.readouterr().out


@pytest.mark.parametrize(("lock", "overdue"), [("base", 1), ("dev", 0)])
def test_a_known_weakness_of_the_newest_counts_from_its_release(
    address: str, pages: Pages, tmp_path: Path, lock: str, overdue: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"{lock}.txt").write_text("thing==1.5\n", encoding="utf-8")
    pages["thing"] = page("1.5", [known("PYSEC-2026-1", "GHSA-x", "CVE-2026-7", fixed_in=["1.9", "1.10"])])
    assert weaknesses.report_of_index(address, NOW, tmp_path) == overdue
    assert f"thing 1.5 ({lock})  CVE-2026-7 GHSA-x PYSEC-2026-1  ?  fixed in 1.10" in capsys.readouterr().out


def test_it_may_be_looked_at_and_held_to_concern_nobody(address: str, pages: Pages, folder: Path) -> None:
    pages["thing"] = page("1.5", [known("PYSEC-2026-1", "CVE-2026-7")])
    reason = '[[not-affected]]\nid = "CVE-2026-7"\nlibrary = "thing"\nreason = "we never call what it names"\n'
    (folder / "not-affected.toml").write_text(f"{reason}until = 2026-12-31\n", encoding="utf-8")
    assert weaknesses.report_of_index(address, NOW, folder) == 0
    assert weaknesses.report_of_index(address, datetime(2027, 1, 1, tzinfo=UTC), folder) == 1


@pytest.mark.parametrize(("days", "overdue"), [(91, 0), (93, 1)])
def test_a_successor_is_taken_within_three_months_of_the_first_of_them(
    address: str, pages: Pages, folder: Path, days: float, overdue: int, capsys: pytest.CaptureFixture[str]
) -> None:
    pages["thing"] = page("3.0", v1_5=files(400), v2_0=files(days), v1_6a1=files(300), v1_7=files(300, yanked=True))
    assert weaknesses.report_of_index(address, NOW, folder) == overdue
    told = capsys.readouterr().out
    assert "0 of 1 are the newest" in told and "HAS-SUCCESSOR  ?  newest 3.0" in told


@pytest.mark.parametrize("gone", [{}, {"v1_5": files(100, yanked=True)}])
def test_what_was_taken_back_is_told(
    address: str, pages: Pages, folder: Path, gone: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    pages["thing"] = page("1.4", **gone)
    assert weaknesses.report_of_index(address, NOW, folder) == 1
    assert "TAKEN-BACK" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said",
    [404, 500, "no JSON", "[]", {}, {"info": {"version": "1.5"}, "releases": {}},
     page("1.5", [{"aliases": []}]), page("of words"), page("1.5", v1_4=[{"yanked": False}])],
    ids=range(9),
)  # fmt: skip
def test_half_an_answer_is_none(address: str, pages: Pages, folder: Path, said: Any) -> None:
    pages["thing"] = said
    with pytest.raises(Trouble, match="thing: the package index did not answer"):
        weaknesses.report_of_index(address, NOW, folder)


def test_a_silent_index_and_a_word_that_is_no_address_are_told(folder: Path) -> None:
    with pytest.raises(Trouble, match="did not answer"):
        index.ask("http://127.0.0.1:9/pypi", ["thing"])
    with pytest.raises(Trouble, match="begins with https://"):
        index.ask("file:///etc", ["thing"])


def test_the_command_asks_for_every_library_of_our_locks(address: str, pages: Pages) -> None:
    """All of them newest but those held back with a reason; then a weakness is planted."""
    for pin in sorted(locks.pins(), key=lambda pin: pin.version):
        pages[pin.library] = page(str(pin.version), **{f"v{pin.version}": files(30)})
    for name in ("numpy", "contourpy"):
        for pin in locks.pins():
            if pin.library == name:
                pages[name]["releases"].setdefault(str(pin.version), files(60))
    command = [sys.executable, "-m", "ops.weaknesses", "--index", address]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(locks.pins())} libraries, 0 overdue" in done.stdout
    pages["django"]["vulnerabilities"] = [known("CVE-2026-1")]
    found = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert found.returncode == 1 and "CVE-2026-1" in found.stdout
    del pages["celery"]
    assert subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, check=False).returncode == 2
