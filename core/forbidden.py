"""Finding what must never be written down: ЕГН, ЛНЧ, IBAN, card numbers.

Sources: ЕГН checksum - Ordinance RD-02-20-9/2012 (weights 2 4 8 5 10 9 7 3 6, mod 11, mod 10) with a real
date; ЛНЧ - weights 21 19 17 13 11 9 7 3 1, mod 10; IBAN - ISO 13616 mod 97; cards - Luhn, ISO/IEC 7812.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

EGN_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6)
LNCH_WEIGHTS = (21, 19, 17, 13, 11, 9, 7, 3, 1)
# Digits that people break up with spaces, dots, dashes or slashes.
_DIGITS = re.compile(r"\d(?:[\s.\-/–—_]{0,3}\d){9,}")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[\s\-]{0,2}[A-Z0-9]){11,30}", re.IGNORECASE)
# Cyrillic letters that look like Latin ones, as typed on a Bulgarian keyboard.
_LOOKALIKE = str.maketrans("АВСЕНКМОРТХУавсенкмортху", "ABCEHKMOPTXYabcehkmoptxy")


def is_egn(digits: str) -> bool:
    """Ten digits with a real birth date (1800-2099) and a right checksum."""
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
        return False
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if month > 40:
        year, month = year + 2000, month - 40
    elif month > 20:
        year, month = year + 1800, month - 20
    else:
        year += 1900
    try:
        date(year, month, day)
    except ValueError:
        return False
    total = sum(int(d) * w for d, w in zip(digits, EGN_WEIGHTS, strict=False))
    return total % 11 % 10 == int(digits[9])


def is_lnch(digits: str) -> bool:
    """A foreigner's personal number: ten digits, own checksum, and not a Bulgarian phone number."""
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit() or digits[0] == "0":
        return False
    return sum(int(d) * w for d, w in zip(digits, LNCH_WEIGHTS, strict=False)) % 10 == int(digits[9])


def is_iban(text: str) -> bool:
    compact = re.sub(r"[\s\-]", "", text).translate(_LOOKALIKE).upper()
    if not 15 <= len(compact) <= 34 or not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+", compact):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def is_card(digits: str) -> bool:
    if not 13 <= len(digits) <= 19:
        return False
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0 and len(set(digits)) > 1


def find(text: str) -> str | None:
    """The kind of the first forbidden number in the text: `egn`, `lnch`, `iban`, `card`, or None."""
    return next((kind for kind, _start, _end in spans(text)), None)


def mask(text: str) -> str:
    """The text with every forbidden number blotted out."""
    for _kind, start, end in sorted(spans(text), key=lambda span: -span[1]):
        text = text[:start] + "•" * (end - start) + text[end:]
    return text


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Where forbidden numbers stand: kind, start, end."""
    latin = text.translate(_LOOKALIKE)
    for match in _IBAN.finditer(latin):
        for end in range(match.end(), match.start() + 14, -1):
            if is_iban(latin[match.start() : end]):
                yield "iban", match.start(), end
                break
    for match in _DIGITS.finditer(text):
        yield from _number_spans(match)


def _number_spans(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    places = [match.start() + i for i, char in enumerate(match.group()) if char.isdigit()]
    digits = "".join(char for char in match.group() if char.isdigit())
    if is_card(digits):
        yield "card", places[0], places[-1] + 1
        return
    groups = re.split(r"[^\d]+", match.group())
    # A ЕГН may stand inside a longer run only where the writer marked its ends.
    offset = 0
    for first in range(len(groups)):
        joined = ""
        for group in groups[first:]:
            joined += group
            if len(joined) >= 10:
                break
        if len(joined) == 10:
            kind = "egn" if is_egn(joined) else "lnch" if is_lnch(joined) else None
            if kind:
                yield kind, places[offset], places[offset + 9] + 1
                return
        offset += len(groups[first])
