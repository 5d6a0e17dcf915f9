"""A text that stands in two languages."""

from __future__ import annotations

from typing import TypeVar

from django.utils.translation import get_language

Text = TypeVar("Text", str, list[str])


def in_language(bg: Text, en: Text) -> Text:
    """The English on an English page if there is one, else the Bulgarian."""
    return en if en and (get_language() or "bg").startswith("en") else bg
