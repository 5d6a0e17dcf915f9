"""Every link of the documents leads somewhere, every document is found from the index, nothing names this machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "docs" / "screenshots"
TEN_PAGES = ["home", "question", "tracking", "desk", "my-today", "offer", "visit", "today", "queue", "report"]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# `requests/states.py`, `config/demo/`: a path of the repository. What begins with a dot or a slash is something else.
NAMED = re.compile(r"`([a-z][\w-]*/[\w./-]*(?:\.(?:py|sql|md|toml|json|css|yml)|/))`")
FENCED = re.compile(r"^```.*?^```$", re.M | re.S)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links(page: Path) -> list[str]:
    return LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as the usual viewers make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.M)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken(page: Path) -> list[str]:
    found = []
    for link in links(page):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        where, _, anchor = link.partition("#")
        target = (page.parent / where).resolve() if where else page
        # The browser test makes the pictures; before its first run there is no folder.
        if target.parent == SCREENSHOTS and not SCREENSHOTS.exists():
            if target.stem not in TEN_PAGES:
                found.append(link)
        elif not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    assert broken(page) == []


def test_a_link_to_nowhere_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](gone.md) [b](#here) [c](#there) ![d](gone.png)\n", encoding="utf-8")
    assert broken(page) == ["gone.md", "#there", "gone.png"]


@pytest.mark.parametrize("page", [page for page in PAGES if page.parts[-2] != ROOT.name], ids=name)
def test_every_document_stands_in_the_index(page):
    index = ROOT / "docs" / "README.md"
    known = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    assert page == index or page in known


def test_the_ten_pages_stand_in_the_index():
    shown = {Path(link).stem for link in links(ROOT / "docs" / "README.md") if "screenshots/" in link}
    assert shown == set(TEN_PAGES)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_file_of_the_code_that_is_named_is_there(page):
    named = set(NAMED.findall(page.read_text(encoding="utf-8")))
    assert [
        path for path in sorted(named) if not (ROOT / path).exists() and not (ROOT / "matching" / path).exists()
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_document_names_a_place_on_somebodys_machine(page):
    text = page.read_text(encoding="utf-8")
    assert str(ROOT.parent) + "/" not in text or len(ROOT.parts) < 3
    assert not re.search(r"/(home|Users|root)/\w", text)


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=name)
def test_no_lock_names_a_host(lock):
    assert "://" not in lock.read_text(encoding="utf-8")
