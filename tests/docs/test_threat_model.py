"""Each threat names what stops it and a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (DOCS / "threat-model.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [STRIDE] \|", line)
]


def test_each_kind_of_threat_is_thought_of() -> None:
    assert {row[0] for row in ROWS} == set("STRIDE") and len(ROWS) >= 25


@pytest.mark.parametrize("row", ROWS, ids=[row[1][:40] for row in ROWS])
def test_a_threat_has_its_control_and_a_test_with_tests_in_it(row: list[str]) -> None:
    _kind, threat, control, shown = row
    assert threat and control
    links = re.findall(r"\]\(([^)]+)\)", shown)
    assert links
    for link in links:
        assert "def test_" in (DOCS / link).read_text(encoding="utf-8"), link
