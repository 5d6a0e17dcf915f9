"""A page as a tree, for what can be read off it without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
# Closed by the next of their kind, or not at all.
LOOSE = frozenset({"li", "p", "dt", "dd", "tr", "td", "th", "option"})
SAID_IN = ("aria-label", "alt", "title", "placeholder")
CYRILLIC = re.compile(r"[А-Яа-яЍѝ]{2,}")
LATIN = re.compile(r"[A-Za-z]{2,}(?:[ \u00a0][A-Za-z]{2,}){2,}")


@dataclass
class Node:
    tag: str
    attrs: dict[str, str]
    parent: Node | None = None
    inside: list[Node | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Node]:
        """Every element below, of these kinds where any are named, in the order of the page."""
        for one in self.inside:
            if isinstance(one, Node):
                if not tags or one.tag in tags:
                    yield one
                yield from one.all(*tags)

    def up(self) -> Iterator[Node]:
        at: Node | None = self
        while at is not None:
            yield at
            at = at.parent

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()

    def lang(self) -> str:
        return next((node.attrs["lang"] for node in self.up() if node.attrs.get("lang")), "")


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Node("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LOOSE and self.at.tag == tag and self.at.parent is not None:
            self.at = self.at.parent
        node = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(node)
        if tag not in EMPTY:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        home = next((node for node in self.at.up() if node.tag == tag), None)
        if home is not None and home.parent is not None:
            self.at = home.parent

    def handle_data(self, data: str) -> None:
        if self.at.tag not in {"script", "style"}:
            self.at.inside.append(data)


def read(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    return builder.root


def said(root: Node) -> Iterator[tuple[str, str]]:
    """(language, words) of every text and of every name that is only heard."""
    for node in root.all():
        for name in SAID_IN:
            if words := node.attrs.get(name, "").strip():
                yield node.lang(), words
        for one in node.inside:
            if isinstance(one, str) and one.strip():
                yield node.lang(), one.strip()


def in_another_language(root: Node, names: str) -> list[str]:
    """Words that are not in the language they are said to be in; `names` are those of people and places."""
    found = []
    for lang, words in said(root):
        if lang == "en" and any(word not in names for word in CYRILLIC.findall(words)):
            found.append(f"Bulgarian read out as English: {words[:60]}")
        if lang == "bg" and LATIN.search(words):
            found.append(f"English read out as Bulgarian: {words[:60]}")
    return found


def structure(root: Node, language: str) -> list[str]:
    """Language, title, one first heading, no heading left out, one main part, no id twice, no clock that runs."""
    found = []
    html = next(root.all("html"))
    if html.attrs.get("lang") != language:
        found.append(f"the language is {html.attrs.get('lang')!r}")
    if not next(root.all("title")).text.partition("·")[0].strip():
        found.append("no title")
    levels = [int(node.tag[1]) for node in root.all("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels.count(1) != 1:
        found.append(f"{levels.count(1)} first headings")
    found += [f"h{one} is followed by h{two}" for one, two in pairwise(levels) if two > one + 1]
    if len([*root.all("main")]) != 1:
        found.append("not one main part")
    ids = [node.attrs["id"] for node in root.all() if node.attrs.get("id")]
    found += [f"the id {one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    if any(node.attrs.get("http-equiv", "").lower() == "refresh" for node in root.all("meta")):
        found.append("the page leaves by itself")
    return found


def summary(root: Node, wrong: str) -> list[str]:
    """What is wrong with the way a form that was sent back tells its errors; `wrong` begins the title."""
    box = next((node for node in root.all("div") if "errors" in node.classes), None)
    if box is None:
        return ["the form came back without a summary"]
    found = []
    if box.attrs.get("tabindex") != "-1" or "data-focus" not in box.attrs or box.attrs.get("role") != "alert":
        found.append("the summary takes no focus")
    if not next(root.all("title")).text.startswith(wrong):
        found.append("the title does not say so")
    by_id = {node.attrs["id"]: node for node in root.all() if node.attrs.get("id")}
    for link in box.all("a"):
        target = by_id.get(link.attrs["href"].removeprefix("#"))
        if target is None:
            found.append(f"leads nowhere: {link.text.strip()}")
            continue
        if target.attrs.get("aria-invalid") != "true":
            found.append(f"is not said to be wrong: {target.attrs['id']}")
        near = [node.attrs["aria-describedby"] for node in target.up() if node.attrs.get("aria-describedby")]
        told = " ".join(by_id[one].text for one in " ".join(near).split() if one in by_id)
        if not told.strip() or not any(part in told for part in _parts(link)):
            found.append(f"its error is not tied to it: {target.attrs['id']}")
    if not [*box.all("li")]:
        found.append("the summary is empty")
    return found


def _parts(link: Node) -> list[str]:
    """The sentences of an error, without the label before them."""
    label = next((node.text for node in link.all("b")), "")
    return [part.strip() for part in link.text.replace(label, "", 1).split(".") if len(part.strip()) > 3]
