"""`./run weaknesses`: no pinned library with a known weakness goes unnoticed, and none is mended too late."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from ops import locks, weaknesses
from ops.say import Trouble
from tests.ops.test_osv import NOW, OUTSIDE, events, ranged, record

ROOT = Path(__file__).resolve().parents[2]
SIGNED_IN = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"
ONLY_SLOWER = "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"


def pin(version: str = "1.0", *named: str, library: str = "thing") -> locks.Pin:
    return locks.Pin(library, Version(version), named or ("base",))


EVERY = ranged(events(introduced="0", fixed="2.0"))


@pytest.mark.parametrize("written", ["Zope.Interface", "zope-interface", "ZOPE__interface"])
def test_a_name_is_the_same_however_it_is_written(written: str) -> None:
    found = weaknesses.find([pin(library="zope-interface")], [record(library=written, ranges=EVERY)])
    assert [one.ids for one in found] == [("CVE-2026-1",)]


def test_what_was_withdrawn_or_belongs_to_another_index_says_nothing() -> None:
    gone = record(ranges=EVERY, withdrawn="2026-11-01T00:00:00Z")
    others = [record(ranges=EVERY, ecosystem=one) for one in ("npm", "TuxCare:PyPI", "Debian:12")]
    assert weaknesses.find([pin()], [gone, *others, record(library="other", ranges=EVERY)]) == []


def test_aliases_are_one_weakness_known_since_the_first_of_them() -> None:
    records = [
        record("PYSEC-2026-9", days=3, ranges=EVERY, aliases=["CVE-2026-5"], vector=""),
        record("GHSA-aaaa", days=9, ranges=EVERY, aliases=["CVE-2026-5"], database_specific={"severity": "HIGH"}),
        record("GHSA-bbbb", days=1, ranges=ranged(events(introduced="0", fixed="2.1"))),
        record("CVE-2026-7", days=1, ranges=EVERY, aliases=["GHSA-bbbb"]),
    ]
    first, second = weaknesses.find([pin()], records)
    assert first.ids == ("CVE-2026-5", "GHSA-aaaa", "PYSEC-2026-9") and first.severity == "HIGH"
    assert first.published == NOW - timedelta(days=9)
    assert second.ids == ("CVE-2026-7", "GHSA-bbbb") and second.fixed == "2.1"


@pytest.mark.parametrize(
    ("vector", "days"),
    [(OUTSIDE, 2), ("AV:N/AC:L/Au:N/C:P/I:N/A:N", 2), ("", 2), ("rubbish", 2), (SIGNED_IN, 7), (ONLY_SLOWER, 92)],
)
def test_how_soon_it_must_be_mended_follows_from_who_can_use_it_and_on_what(vector: str, days: int) -> None:
    (one,) = weaknesses.find([pin()], [record(ranges=EVERY, vector=vector)])
    assert one.due - one.published == timedelta(days=days)
    (aside,) = weaknesses.find([pin("1.0", "dev", "fuzz")], [record(ranges=EVERY, vector=vector)])
    assert aside.due - aside.published == timedelta(days=92), "it never reaches an installation"


def test_the_terms_are_those_of_the_document() -> None:
    text = " ".join((ROOT / "docs" / "security.md").read_text(encoding="utf-8").split("## Libraries")[1].split())
    assert "without signing in is mended within two days" in text and timedelta(days=2) == weaknesses.FROM_OUTSIDE
    assert "personal data within a week" in text and timedelta(days=7) == weaknesses.PERSONAL
    assert "three months" in text and timedelta(days=92) == weaknesses.REST


def test_every_lock_is_read_whole() -> None:
    found = {(one.library, lock): one for one in locks.pins() for lock in one.locks}
    assert {lock for _name, lock in found} == {"base", "dev", "benchmarks", "fuzz"}
    assert {"django", "celery", "cryptography", "packaging"} <= {name for name, lock in found if lock == "base"}
    assert len([name for name, lock in found if lock == "base"]) > 50
    assert len({one.version for one in locks.pins() if one.library == "numpy"}) == 2, "one for each Python"


def test_a_line_without_a_version_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("Thing[extra]==1.0 ; python_version > '3' \\\n    --hash=sha256:0\nloose>=2\n")
    with pytest.raises(Trouble, match="loose>=2"):
        locks.pins(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.txt").write_text("Thing==1.0 \\\n    --hash=sha256:0\nother==1.0\n", encoding="utf-8")
    return tmp_path


def packed(path: Path, *records: dict[str, Any], fillers: int = weaknesses.FEWEST) -> Path:
    """A zip as OSV offers it; the rest of it concerns libraries we do not have."""
    rest = [record(f"PYSEC-0-{number}", library=f"filler-{number}", ranges=EVERY) for number in range(fillers)]
    with zipfile.ZipFile(path / "all.zip", "w") as archive:
        for one in (*records, *rest):
            archive.writestr(f"{one['id']}.json", json.dumps(one))
    return path / "all.zip"


def test_it_ends_with_one_only_when_something_is_overdue(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weaknesses.report(packed(folder), NOW, folder) == 0
    assert weaknesses.report(packed(folder, record(days=1.9, ranges=EVERY)), NOW, folder) == 0
    assert "thing 1.0 (base)  CVE-2026-1" in (told := capsys.readouterr().out)
    assert "fixed in 2.0  due 2026-11-23" in told
    assert weaknesses.report(packed(folder, record(days=2.1, ranges=EVERY)), NOW, folder) == 1
    assert "OVERDUE since 2026-11-23" in capsys.readouterr().out
    assert weaknesses.report(packed(folder, record(days=400, library="elsewhere", ranges=EVERY)), NOW, folder) == 0


EXEMPT = '[[not-affected]]\nid = "{}"\nlibrary = "{}"\nreason = "{}"\nuntil = {}\n'
WHY = "we never call the function it names"


@pytest.mark.parametrize(
    ("name", "library", "until", "code"),
    [("GHSA-x", "Thing", "2026-12-31", 0), ("GHSA-x", "other", "2026-12-31", 1), ("GHSA-y", "thing", "2026-12-31", 1),
     ("GHSA-x", "thing", "2026-11-23", 0), ("GHSA-x", "thing", "2026-11-22", 1)],
)  # fmt: skip
def test_an_exemption_holds_for_its_library_under_any_of_its_names_until_its_day(
    folder: Path, name: str, library: str, until: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "not-affected.toml").write_text(EXEMPT.format(name, library, WHY, until), encoding="utf-8")
    source = packed(folder, record(days=30, ranges=EVERY, aliases=["GHSA-x"]))
    assert weaknesses.report(source, NOW, folder) == code
    assert (
        f"not affected until {until}: {WHY}" if code == 0 else "expired or not told of here"
    ) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("reason", "until"), [("", "2026-12-31"), ("does not matter", "2026-12-31"), (WHY, "2027-06-01")]
)
def test_an_exemption_without_a_reason_or_for_too_long_is_none(folder: Path, reason: str, until: str) -> None:
    (folder / "not-affected.toml").write_text(EXEMPT.format("GHSA-x", "thing", reason, until), encoding="utf-8")
    with pytest.raises(Trouble, match="GHSA-x"):
        weaknesses.report(packed(folder), NOW, folder)


def test_our_own_exemptions_are_whole() -> None:
    weaknesses.exemptions(locks.FOLDER / "not-affected.toml", datetime.now(UTC).date())


def test_a_database_that_is_old_cut_off_or_none_is_refused(folder: Path) -> None:
    with pytest.raises(Trouble, match="too old"):
        weaknesses.report(packed(folder), NOW + timedelta(days=2, hours=1), folder)
    with pytest.raises(Trouble, match="not all of it"):
        weaknesses.report(packed(folder, fillers=10), NOW, folder)
    whole = packed(folder).read_bytes()
    for rubbish in (whole[: len(whole) // 2], b"", b"{}"):
        (folder / "all.zip").write_bytes(rubbish)
        with pytest.raises(Trouble, match="not OSV"):
            weaknesses.report(folder / "all.zip", NOW, folder)
    with pytest.raises(Trouble, match="not OSV"):
        weaknesses.report(folder / "nothing.zip", NOW, folder)


def test_a_folder_serves_as_well_as_the_zip(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed(folder, record(days=30, ranges=EVERY))) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert weaknesses.report(tmp_path / "unpacked", NOW, folder) == 1


def test_the_command_finds_a_planted_weakness_in_our_own_lock(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    planted = record(library="Django", ranges=ranged(events(introduced="0", fixed="99")))
    fresh = record("PYSEC-0", library="nobody", ranges=EVERY) | {"modified": now.isoformat()}
    source = packed(tmp_path, planted | {"published": (now - timedelta(days=30)).isoformat()}, fresh)
    environment = {**os.environ, "DV_CWD": str(tmp_path)}
    command = [sys.executable, "-m", "ops.weaknesses", "--osv", source.name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "CVE-2026-1" in done.stdout and "fixed in 99" in done.stdout, done.stderr
    wrong = subprocess.run([*command[:-1], "none.zip"], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert wrong.returncode == 2


def test_somebody_has_looked_within_three_months() -> None:
    """Red? Run `./run weaknesses` against a new database, or read the news of each library; add a `[[looked]]`."""
    today = datetime.now(UTC).date()
    assert weaknesses.unlooked(today) == ""
    # A day too late it is red, and a day that has not come yet is none.
    last = max(one["date"] for one in weaknesses.looked())
    assert "92" in weaknesses.unlooked(last + timedelta(days=93))
    assert weaknesses.unlooked(last + timedelta(days=92)) == ""
    assert weaknesses.unlooked(date(2020, 1, 1)) != ""
