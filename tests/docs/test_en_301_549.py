"""The table of EN 301 549 is whole, and what it claims leads to tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TABLE = (DOCS / "en-301-549.md").read_text(encoding="utf-8")
STATEMENT = (ROOT / "requests/templates/requests/legal/accessibility.html").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if re.match(r"\| \d", line)
]  # fmt: skip
# How many success criteria of level A and AA each guideline of WCAG 2.1 has; what is AAA is left out.
CRITERIA = {
    "1.1": [1], "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2, 3, 4, 5], "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13],
    "2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4, 5, 6, 7], "2.5": [1, 2, 3, 4],
    "3.1": [1, 2], "3.2": [1, 2, 3, 4], "3.3": [1, 2, 3, 4], "4.1": [1, 2, 3],
}  # fmt: skip
ADDED = ["2.4.11", "2.5.7", "2.5.8", "3.2.6", "3.3.7", "3.3.8"]


def test_every_clause_stands_once() -> None:
    web = [f"9.{guideline}.{number}" for guideline, numbers in CRITERIA.items() for number in numbers]
    assert len(web) == 50
    clauses = [row[0].partition(" (")[0] for row in ROWS]
    assert [one for one in clauses if one.startswith("9.")] == [*web, "9.6"]
    assert [one for one in clauses if re.match(r"[1-4]\.", one)] == ADDED
    assert {one.partition(".")[0] for one in clauses} >= {"5", "6", "7", "9", "10", "11", "12"}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_clause_is_shown_by_a_test_or_says_why_it_does_not_apply(row: list[str]) -> None:
    _clause, what, supported, shown = row
    assert what and supported in {"yes", "partly", "–"}
    links = re.findall(r"\]\(([^)]+)\)", shown)
    for link in links:
        assert "def test_" in (DOCS / link).read_text(encoding="utf-8"), link
    assert links if supported != "–" else len(shown.split()) >= 3


def test_the_statement_claims_no_more_than_the_table() -> None:
    whole = all(row[2] in {"yes", "–"} for row in ROWS)
    assert ("отговарят частично" in STATEMENT) != whole
    assert "EN 301 549 V3.2.1" in STATEMENT
