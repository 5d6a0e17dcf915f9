"""What docs/asvs.csv shows by a test is shown only by a run in which that test passed."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ops import place

TABLE = place.ROOT / "docs" / "asvs.csv"


def named(table: Path = TABLE) -> dict[str, list[str]]:
    """`tests/file.py::test` → the requirements that it shows."""
    found: dict[str, list[str]] = {}
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for link in row["shown_by"].split():
                if "::" in link:
                    found.setdefault(link, []).append(row["id"])
    return found


def unproved(reports: Iterable[dict[str, Any]], table: Path = TABLE) -> list[str]:
    """Tests the table names that passed in none of the parts of this run, each with what it would show."""
    passed = {name for report in reports for name in report.get("passed", ())}
    return [f"{link} ({', '.join(ids)})" for link, ids in sorted(named(table).items()) if link not in passed]
