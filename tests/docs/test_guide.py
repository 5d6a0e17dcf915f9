"""The coordinator's guide speaks as the pages do, and names only what stands on them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core import plain_language, texts
from notifications.states import TaskKind

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "user-guide.bg.md").read_text(encoding="utf-8")
LABELS = sorted(set(re.findall(r"\*\*([^*]+)\*\*", GUIDE)))


def blocks(markdown: str) -> list[str]:
    """Paragraphs, items, headings and table cells as plain text."""
    plain = re.sub(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[\[*`]", "", markdown)
    found = []
    for line in plain.splitlines():
        if line.startswith("|"):
            found += [cell.strip() for cell in line.strip("|").split("|") if not re.fullmatch(r"[-\s]*", cell)]
        else:
            found.append(re.sub(r"^(#+|-|\d+\.)\s+", "", line))
    return [block for block in found if block]


@pytest.fixture(scope="module")
def said() -> set[str]:
    return {message.text for message in texts.extract(ROOT).values()}


def stands(label: str, said: set[str]) -> bool:
    """Word for word, or as the unchanging part of a sentence with somebody's name in it."""
    return label in said or any(label in text for text in said if "%(" in text)


@pytest.mark.parametrize("label", LABELS)
def test_a_name_in_bold_stands_on_a_page(said, label):
    assert stands(label, said)


def test_a_name_that_stands_nowhere_is_noticed(said):
    assert not stands("Натиснете тук", said)
    assert len(LABELS) > 30


def test_the_guide_is_in_plain_words():
    assert [fault for block in blocks(GUIDE) for fault in plain_language.faults(block)] == []
    assert plain_language.mean(blocks(GUIDE)) <= plain_language.MOST_MEAN


def test_every_kind_of_task_is_explained():
    table = GUIDE.partition("## Какво чака вас")[2].partition("\n## ")[0]
    assert len([line for line in table.splitlines() if line.startswith("| **")]) == len(TaskKind)
