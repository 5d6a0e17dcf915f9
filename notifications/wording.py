"""Putting facts into a template's words: `{кога}` in Bulgarian, `{when}` in English, either everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# By code: what it is called in Bulgarian and in English. The code itself is understood as well.
PLACEHOLDERS: dict[str, tuple[str, str]] = {
    "where": ("къде", "where"),
    "when": ("кога", "when"),
    "short_when": ("кога накратко", "when in short"),
    "service": ("услуга", "service"),
    "until": ("до кога", "until"),
    "short_until": ("до кога накратко", "until in short"),
    "who": ("кой", "who"),
    "number": ("номер", "number"),
    "code": ("код", "code"),
    "reply": ("отговор", "reply"),
    "phone": ("телефон", "phone"),
    "documents": ("документи", "documents"),
    "badge": ("значка", "badge"),
    "address": ("адрес", "address"),
    "minutes": ("минути", "minutes"),
    "name": ("име", "name"),
    "device": ("устройство", "device"),
}
_NAMED = re.compile(r"\{([^{}]*)\}")
_CODE_OF = {name: code for code, names in PLACEHOLDERS.items() for name in (code, *names)}


class UnknownPlaceholder(Exception):
    """`names` stand in braces and mean nothing here."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def unknown(text: str, facts: Sequence[str]) -> list[str]:
    """What stands in braces and is none of these facts, and braces that do not match."""
    strange = [name for name in _NAMED.findall(text) if _CODE_OF.get(name.strip().lower()) not in facts]
    return strange + ["{" for _ in [0] if re.search(r"[{}]", _NAMED.sub("", text))]


# Where the usual words name one of these, other words must name it too, or the one beside it.
ESSENTIAL = (("reply",), ("code",), ("when", "short_when"), ("where",), ("who",), ("minutes",), ("number",))


def names_in(text: str) -> set[str]:
    """The codes of the facts a text names."""
    found = (_CODE_OF.get(name.strip().lower()) for name in _NAMED.findall(text))
    return {code for code in found if code is not None}


def missing(text: str, usual: str) -> list[str]:
    """What the usual words name, the reader cannot do without, and this text leaves out."""
    has, had = names_in(text), names_in(usual)
    return [next(code for code in codes if code in had) for codes in ESSENTIAL if had & {*codes} and not has & {*codes}]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts. Raises UnknownPlaceholder.

    „10:30 ч.“ and „2027 г.“ bring their own full stop: at a sentence's end one is enough. A sentence whose only
    fact is empty leaves no gap.
    """
    if strange := unknown(text, list(facts)):
        raise UnknownPlaceholder(strange)
    filled = _NAMED.sub(lambda match: facts[_CODE_OF[match.group(1).strip().lower()]], text)
    filled = filled.replace("ч..", "ч.").replace("г..", "г.")
    return "\n".join(re.sub(" {2,}", " ", line).strip() for line in filled.split("\n")).strip()


def in_words(text: str, language: str) -> str:
    """The same text with its placeholders written as they are called in this language; strange ones stay."""

    def write(match: re.Match[str]) -> str:
        code = _CODE_OF.get(match.group(1).strip().lower())
        return named(code, language) if code else match.group(0)

    return _NAMED.sub(write, text)


def named(code: str, language: str) -> str:
    """How a placeholder is written in this language, braces included."""
    bulgarian, english = PLACEHOLDERS[code]
    return "{%s}" % (english if language == "en" else bulgarian)
