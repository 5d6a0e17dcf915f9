"""Plain language, measured: at most 14 words a sentence, 10 in the mean, none of the words of an office.

Residents read these pages alone. The texts are the messages of the code (`core.texts`) and their English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.template.base import DebugLexer, TokenType

MOST_WORDS = 14
MOST_MEAN = 10.0
# A label is not a sentence: the mean counts from this many words on.
FEWEST_WORDS = 4

_PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")
_MARKUP = re.compile(r"<[^>]+>|&\w+;")
# „10:30 ч.“, „с. Извор“, „2026 г.“ do not end a sentence.
_SHORT = re.compile(r"\b(ч|г|с|гр|мин|т|н|ул|бл|вх|ет|ап|св|др|напр|e\.g|i\.e|min|no)\.", re.I)
_END = re.compile(r"(?<=[.?!…:;])[“”\"')]*\s+|\n{2,}")
_WORD = re.compile(r"[^\W_]+(?:[-’'.:/][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-яА-Я]")

FORBIDDEN = {
    "an exclamation mark": re.compile(r"!"),
    "„моля“": re.compile(r"\bмоля\b", re.I),
    "„успешно“": re.compile(r"\bуспешн\w+", re.I),
    "“please”": re.compile(r"\bplease\b", re.I),
    "“successfully”": re.compile(r"\bsuccessful(ly)?\b", re.I),
    "a straight quote": re.compile(r'"'),
    "a space that may break before a unit": re.compile(r"(?:\d|%\(\w+\)s|\}) (?:ч\.|км\b|мин\.|лв\.|%(?!\())"),
}


def sentences(text: str) -> list[str]:
    """The sentences of a text; a placeholder counts as one word."""
    plain = _MARKUP.sub(" ", _PLACEHOLDER.sub("дума", text)).replace("\u00a0", " ")
    plain = _SHORT.sub(r"\1", plain)
    return [part.strip() for part in _END.split(plain) if part.strip()]


def count(sentence: str) -> int:
    """Words; „10:30“ and „е-услуга“ are one."""
    return len(_WORD.findall(sentence))


def mean(texts: Iterable[str]) -> float:
    """Words a sentence over all texts, labels left out. 0 when there is no sentence."""
    lengths = [n for text in texts for part in sentences(text) if (n := count(part)) >= FEWEST_WORDS]
    return sum(lengths) / len(lengths) if lengths else 0.0


def faults(text: str) -> Iterator[str]:
    """What makes this text hard or officious."""
    for sentence in sentences(text):
        if (words := count(sentence)) > MOST_WORDS and not _is_list(sentence):
            yield f"{words} words: “{sentence}”"
    markless = _MARKUP.sub(" ", text)
    for name, pattern in FORBIDDEN.items():
        if pattern.search(markless):
            yield f"{name}: “{text}”"


def _is_list(sentence: str) -> bool:
    """Single words between commas are no sentence."""
    return all(count(part) <= 1 for part in sentence.split(","))


def untranslated(source: str) -> Iterator[str]:
    """Bulgarian in a template that stands outside the catalogue, so that English readers would see it.

    What says `lang="bg"` is meant to.
    """
    inside = False
    for token in DebugLexer(source).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK:
            if name in {"blocktranslate", "blocktrans", "comment"}:
                inside = True
            elif name in {"endblocktranslate", "endblocktrans", "endcomment"}:
                inside = False
        elif token.token_type == TokenType.TEXT and not inside and _foreign(token.contents):
            yield token.contents.strip()


def _foreign(words: str) -> bool:
    return bool(_CYRILLIC.search(words)) and 'lang="bg"' not in words
