"""docs/asvs.csv is whole and honest: every requirement once, every no and every gap with its reason, every link there.

Whether each test it names ran and passed is asked at the end of `./run test` (ops/asvs.py).
"""

from __future__ import annotations

import ast
import csv
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command

from ops import asvs
from tests.docs.test_links import anchors

ROOT = Path(__file__).resolve().parents[3]
LEVELS: dict[str, str] = tomllib.loads(Path(__file__).with_name("asvs_levels.toml").read_text(encoding="utf-8"))
# The deepest level is asked of who may do what, of the data, and of what is logged.
DEEPER = ("V8", "V14", "V16")
COLUMNS = ["id", "level", "applies", "reason", "shown_by", "note"]
Row = dict[str, str]


def asked() -> dict[str, str]:
    """Requirement → its level: all up to the second, the third where the issue asks for it."""
    return {
        f"{section}.{number}": level
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
        if level < "3" or section.partition(".")[0] in DEEPER
    }


def rows() -> list[Row]:
    with asvs.TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_levels_are_those_of_the_standard() -> None:
    """345 requirements, of which 70 are of the first level, 183 of the second."""
    assert Counter("".join(LEVELS.values())) == {"1": 70, "2": 183, "3": 92}
    assert len([level for level in asked().values() if level < "3"]) == 253 and len(asked()) == 264


def test_every_requirement_stands_there_once() -> None:
    assert list(rows()[0]) == COLUMNS
    assert Counter(row["id"] for row in rows()) == Counter(asked().keys())
    assert {row["id"]: row["level"] for row in rows()} == asked()


@cache
def functions(path: Path) -> dict[str, bool]:
    """Test → whether it is marked to be skipped, itself or with its file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marks = [
        ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node)
    ]
    whole = any("skip" in mark or "xfail" in mark for mark in marks)
    return {
        node.name: whole
        or any("skip" in ast.unparse(mark) or "xfail" in ast.unparse(mark) for mark in node.decorator_list)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def broken(link: str, root: Path = ROOT) -> str:
    """Why a link shows nothing; empty where it does."""
    where, _colons, test = link.partition("::")
    where, _hash, anchor = where.partition("#")
    path = root / where
    if not path.is_file():
        return f"{link}: no such file"
    if test:
        found = functions(path)
        if test not in found:
            return f"{link}: no such test"
        return f"{link}: skipped" if found[test] else ""
    if anchor and anchor not in anchors(path):
        return f"{link}: no such heading"
    return ""


def complaints(row: Row) -> list[str]:
    """What is wrong with a row."""
    links, reason = row["shown_by"].split(), row["reason"]
    told = [why for why in map(broken, links) if why]
    if row["applies"] not in ("yes", "no"):
        told.append("applies: yes or no")
    if not row["note"].strip():
        told.append("in a few words: what is it about")
    if row["applies"] == "no" and (not reason or links):
        told.append("a no has a reason and shows nothing")
    if row["applies"] == "yes" and reason and not (reason.startswith("open: ") and len(reason) > 20):
        told.append("what is open says so and why")
    if row["applies"] == "yes" and not reason and not links:
        told.append("shown by nothing")
    return told


@pytest.mark.parametrize("row", rows(), ids=[row["id"] for row in rows()])
def test_a_row_is_true_to_its_word(row: Row) -> None:
    assert complaints(row) == []


def test_most_of_what_applies_is_shown_and_by_a_test() -> None:
    applies = [row for row in rows() if row["applies"] == "yes"]
    shown = [row for row in applies if not row["reason"]]
    assert len(applies) >= 190 and len(shown) >= 150
    assert len([row for row in shown if "::" in row["shown_by"]]) >= len(shown) * 4 / 5


def test_the_page_counts_what_the_table_says() -> None:
    call_command("draw_asvs", "--check")


GOOD = {
    "id": "V1.1.1",
    "level": "2",
    "applies": "yes",
    "reason": "",
    "shown_by": "docs/security.md#limits",
    "note": "x",
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"shown_by": "tests/nowhere.py::test_x"}, "no such file"),
        ({"shown_by": "tests/proofs/trust/test_asvs.py::test_nothing"}, "no such test"),
        ({"shown_by": "docs/security.md#nothing"}, "no such heading"),
        ({"shown_by": ""}, "shown by nothing"),
        ({"applies": "no", "shown_by": ""}, "a no has a reason"),
        ({"applies": "perhaps"}, "yes or no"),
        ({"reason": "open"}, "says so and why"),
        ({"note": ""}, "in a few words"),
    ],
)
def test_an_untrue_row_is_noticed(change: Row, why: str) -> None:
    """The control."""
    assert complaints(GOOD) == []
    assert why in " ".join(complaints({**GOOD, **change}))


def test_a_skipped_test_shows_nothing(tmp_path: Path) -> None:
    page = tmp_path / "test_x.py"
    page.write_text('@pytest.mark.skip("later")\ndef test_one(): ...\ndef test_two(): ...\n', encoding="utf-8")
    assert broken("test_x.py::test_one", tmp_path) == "test_x.py::test_one: skipped"
    assert broken("test_x.py::test_two", tmp_path) == ""


def test_a_test_that_did_not_pass_in_this_run_shows_nothing(tmp_path: Path) -> None:
    table = tmp_path / "asvs.csv"
    table.write_text(
        "id,level,applies,reason,shown_by,note\nV1.1.1,2,yes,,tests/a.py::test_a docs/b.md#c tests/a.py::test_b,x\n",
        encoding="utf-8",
    )
    reports = [{"passed": ["tests/a.py::test_a"]}, {"passed": []}]
    assert asvs.unproved(reports, table) == ["tests/a.py::test_b (V1.1.1)"]
    assert asvs.unproved([{"passed": ["tests/a.py::test_a", "tests/a.py::test_b"]}], table) == []
