"""The handbook's modules: short files beside this one, in both languages, read once.

A file `modules/<place>-<code>.toml` holds title, lead, minutes, points and questions; every text is a
table with `bg` and `en`. A file that lacks a part does not load: the tests read them all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FOLDER = Path(__file__).resolve().parent / "modules"


@dataclass(frozen=True)
class Text:
    """The same said in both languages; as a string, in the reader's."""

    bg: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "bg").startswith("en") else self.bg


@dataclass(frozen=True)
class Point:
    head: Text
    text: Text


@dataclass(frozen=True)
class Question:
    ask: Text
    answer: Text


@dataclass(frozen=True)
class Module:
    """One module; `minutes` is how long a calm reader needs."""

    code: str
    minutes: int
    title: Text
    lead: Text
    points: tuple[Point, ...]
    questions: tuple[Question, ...]


def _text(raw: Mapping[str, str]) -> Text:
    return Text(bg=raw["bg"], en=raw["en"])


def _module(path: Path) -> Module:
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Module(
        code=path.stem.partition("-")[2],
        minutes=int(raw["minutes"]),
        title=_text(raw["title"]),
        lead=_text(raw["lead"]),
        points=tuple(Point(_text(point["head"]), _text(point["text"])) for point in raw["points"]),
        questions=tuple(Question(_text(one["ask"]), _text(one["answer"])) for one in raw["questions"]),
    )


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """All modules in their order."""
    return tuple(_module(path) for path in sorted(FOLDER.glob("*.toml")))


def neighbours(code: str) -> tuple[Module, Module | None] | None:
    """The module and the one after it; None for a code nobody knows."""
    shelf = modules()
    for place, module in enumerate(shelf):
        if module.code == code:
            return module, shelf[place + 1] if place + 1 < len(shelf) else None
    return None
