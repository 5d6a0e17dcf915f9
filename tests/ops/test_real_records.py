"""`./run weaknesses` on records that were really published: osv_records.json, whose own words say from where.

The newest of each library of our locks that has any, and those of an odd shape: withdrawn without an end, several
ranges in one, commits beside releases, a pre-release as an end, a list of versions.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from ops import locks, osv, weaknesses
from ops.say import Trouble
from tests.ops.test_weaknesses import EVERY, ROOT, packed, record

PUBLISHED: dict[str, Any] = json.loads(Path(__file__).with_name("osv_records.json").read_text(encoding="utf-8"))
RECORDS: list[dict[str, Any]] = PUBLISHED["records"]
KEPT = {"id", "aliases", "published", "modified", "affected"}
# One release of each library that a published record concerns, the one just before its mending where there is such.
OLD = """\
Brotli==1.1.0
celery==5.2.1
certifi==2024.6.2
click==8.3.2
cryptography==49.0.0
Django==5.2.16
django_allauth==65.14.0
django.filter==2.3.0
djangorestframework==3.17.1
fonttools==4.60.1
granian==2.7.3
h11==0.15.0
httpx==0.19.0
idna==3.14
Markdown-It-Py==2.1.0
numpy==1.21.6
openpyxl==2.4.0
pandas==1.0.3
Pillow==12.2.0
protobuf==6.33.4
psutil==5.6.5
Pygments==2.19.2
pytest==9.0.2
PyYAML==5.3.1
redis==4.5.3
requests==2.32.5
setuptools==82.0.1
sqlparse==0.5.5
tqdm==4.66.2
urllib3==2.6.3
Werkzeug==3.1.5
"""


def found(library: str, version: str, records: list[dict[str, Any]] | None = None) -> list[str]:
    pin = locks.Pin(library, Version(version), ("base",))
    return sorted(one.ids[0] for one in weaknesses.find([pin], RECORDS if records is None else records))


def database(folder: Path) -> Path:
    """Them among others as many as the command asks for, one of which is of today."""
    today = record("PYSEC-0", library="nobody", ranges=EVERY) | {"modified": datetime.now(UTC).isoformat()}
    return packed(folder, *RECORDS, today)


def test_the_command_says_nothing_of_our_locks(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ops.weaknesses", "--osv", str(database(tmp_path))]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 overdue" in done.stdout and "CVE-" not in done.stdout and "PYSEC-" not in done.stdout


def test_its_control_each_library_a_step_back_is_found_and_overdue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "base.txt").write_text(OLD, encoding="utf-8")
    assert weaknesses.report(database(tmp_path), datetime.now(UTC), tmp_path) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "OVERDUE" in line]
    expected = {osv.canonicalize_name(line.partition("==")[0]) for line in OLD.splitlines()}
    assert {line.split()[0] for line in told} == expected == set(osv.by_library(RECORDS))
    (django,) = (line for line in told if line.startswith("django 5.2.16"))
    assert "CVE-2026-15830 PYSEC-2026-3717" in django and "fixed in 5.2.17" in django
    assert any("numpy 1.21.6" in line and "CVE-2021-41496" in line and "fixed in 1.22.0" in line for line in told)


@pytest.mark.parametrize(
    ("library", "version", "expected"),
    [
        ("django", "5.2.17", []), ("django", "6.0a1", []), ("django", "6.0.8", []),
        ("django", "5.2.16", ["CVE-2026-15830"]), ("django", "6.0", ["CVE-2026-15830"]),
        ("redis", "4.3.6", ["CVE-2023-28859"]), ("redis", "4.4.2", ["CVE-2023-28858", "CVE-2023-28859"]),
        ("redis", "4.4.4", []), ("redis", "4.5.0", ["CVE-2023-28858", "CVE-2023-28859"]), ("redis", "4.5.4", []),
        ("protobuf", "5.29.6", []), ("protobuf", "6.30.0rc1", ["CVE-2026-0994"]), ("protobuf", "6.33.5", []),
        ("celery", "2.2.8", ["CVE-2021-23727"]), ("celery", "2.4.3", ["CVE-2011-4356", "CVE-2021-23727"]),
        ("numpy", "1.9.3", ["CVE-2021-33430", "CVE-2021-41495", "CVE-2021-41496"]),
        ("numpy", "1.21.0rc1", ["CVE-2021-41496"]), ("numpy", "1.21.0b9", ["CVE-2021-33430", "CVE-2021-41496"]),
        ("pyyaml", "5.2b1", ["CVE-2020-14343"]), ("pyyaml", "5.1.2", ["CVE-2019-20477", "CVE-2020-14343"]),
        ("certifi", "2021.10.8", ["CVE-2024-39689"]), ("certifi", "2020.12.5", []), ("certifi", "2024.7.4", []),
        ("cryptography", "43.0.3", ["CVE-2026-69248", "CVE-2026-69249"]),
        ("cryptography", "49.0.0", ["CVE-2026-69247"]), ("cryptography", "50.0.0", []),
        ("setuptools", "78.1.1", ["CVE-2026-59890"]), ("urllib3", "2.5.0", []),
        ("granian", "1.1.2", ["CVE-2026-42545"]), ("granian", "2.7.4", []),
    ],
)  # fmt: skip
def test_each_published_range_ends_where_it_says(library: str, version: str, expected: list[str]) -> None:
    assert found(library, version) == expected


def test_what_was_withdrawn_would_have_no_end() -> None:
    """Redis the server, taken for the library: two of its records would concern every release for good."""
    assert found("redis", "8.1.0") == []
    never = [{name: said for name, said in one.items() if name != "withdrawn"} for one in RECORDS]
    assert found("redis", "8.1.0", never) == ["CVE-2022-33105", "CVE-2023-31655"]


def test_a_record_that_lost_its_end_is_told_and_not_passed_over() -> None:
    """One record of NumPy stands in the copies in two states: mended in 1.19.1, and open. We say the stricter."""
    assert found("numpy", "2.5.5") == []
    (other,) = PUBLISHED["another_state"]
    assert other["id"] in {one["id"] for one in RECORDS}
    assert found("numpy", "2.5.5", [*RECORDS, other]) == ["CVE-2021-41495"]


def test_a_record_whose_days_are_no_days_is_refused_by_its_name(tmp_path: Path) -> None:
    """So one stood in a copy of the source: days as seconds, kinds as numbers, an empty word for what is not."""
    (misshapen,) = PUBLISHED["misshapen"]
    with pytest.raises(Trouble, match="not OSV") as refused:
        osv.read(packed(tmp_path, misshapen, fillers=1))
    assert "PYSEC-0000-CVE-2026-6907.json" in refused.value.detail
    mended = misshapen | {"published": "2026-05-05T16:16:18Z", "modified": "2026-05-07T14:16:04Z"}
    assert len(osv.read(packed(tmp_path, mended, fillers=1))) == 2
    assert found("django", "5.2.19", [mended]) == ["CVE-2026-6907"], "kinds we do not know are taken to concern us"


def test_how_soon_follows_from_the_vectors_as_they_are_published() -> None:
    base = [locks.Pin(name, Version("0.6"), ("base",)) for name in ("django", "djangorestframework", "setuptools")]
    days = {one.ids[0]: (one.due - one.published).days for one in weaknesses.find(base, RECORDS)}
    assert days == {
        "CVE-2026-15830": 2, "CVE-2026-73228": 2, "CVE-2026-73229": 7, "CVE-2025-47273": 7, "CVE-2026-59890": 7,
    }  # fmt: skip


def test_whose_words_these_are_is_said() -> None:
    assert "pypa/advisory-database" in PUBLISHED["from"] and "CC BY 4.0" in PUBLISHED["licence"]
    assert all(set(one) <= {*KEPT, "withdrawn", "severity"} and set(one) >= KEPT for one in RECORDS)
