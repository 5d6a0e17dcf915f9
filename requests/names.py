"""Folding names so that Cyrillic, Latin and one slip of the finger meet.

Both scripts fold to one small alphabet in which what people confuse is the same letter:
`ъ` = a/u, `ц` = ts/c, `ж` = zh/j, `й` = y/i. The folded word is hashed, never stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Longest first.
_LATIN = [
    ("sht", "6t"), ("zh", "7"), ("ts", "c"), ("tz", "c"), ("ch", "4"), ("sh", "6"), ("yu", "8"), ("iu", "8"),
    ("ya", "ia"), ("ja", "ia"), ("ju", "8"), ("ph", "f"), ("ck", "k"), ("x", "ks"), ("w", "v"), ("q", "k"), ("j", "7"),
    ("y", "i"), ("u", "a"),
]  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "7", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "a", "ф": "f",
    "х": "h", "ц": "c", "ч": "4", "ш": "6", "щ": "6t", "ъ": "a", "ь": "i", "ы": "i", "э": "e", "ю": "8", "я": "ia",
}  # fmt: skip
PREFIX_FROM = 2
# Words this short have no room for a slip: „Ана“ must not meet every three-letter name.
SLIP_FROM = 4


def words(typed: str) -> list[str]:
    return [word for word in re.split(r"[^\w]+", typed.casefold()) if word]


def fold(word: str) -> str:
    """One word in the common alphabet; doubled letters count once."""
    folded = "".join(_CYRILLIC.get(char, char) for char in word.casefold())
    if folded.isascii() and not any("а" <= char <= "я" for char in word.casefold()):
        for latin, common in _LATIN:
            folded = folded.replace(latin, common)
    return re.sub(r"(.)\1+", r"\1", folded)


def slips(folded: str) -> set[str]:
    """The word and every form with one letter left out: two words one slip apart share one of them."""
    if len(folded) < SLIP_FROM:
        return {folded}
    return {folded} | {folded[:i] + folded[i + 1 :] for i in range(len(folded))}


def keys_to_store(name: str) -> Iterator[str]:
    """What a stored name is found by: whole words with slips, and their beginnings."""
    for word in words(name):
        folded = fold(word)
        yield from (f"w:{form}" for form in slips(folded))
        yield from (f"p:{folded[:size]}" for size in range(PREFIX_FROM, len(folded)))


def keys_to_find(typed_word: str) -> set[str]:
    """What a typed word is looked up by."""
    folded = fold(typed_word)
    return {f"w:{form}" for form in slips(folded)} | {f"p:{folded}"}


def distance_at_most_one(left: str, right: str) -> bool:
    """One letter added, left out, changed, or two neighbours swapped."""
    if left == right:
        return True
    if abs(len(left) - len(right)) > 1:
        return False
    shorter, longer = sorted((left, right), key=len)
    first = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(left) != len(right):
        return shorter[first:] == longer[first + 1 :]
    changed = left[first + 1 :] == right[first + 1 :]
    swapped = left[first : first + 2] == right[first : first + 2][::-1] and left[first + 2 :] == right[first + 2 :]
    return changed or swapped


def matches(typed: str, full_name: str) -> int:
    """How well the typed words fit the name: 0 not at all; more is better. Every typed word must fit one word."""
    have = [fold(word) for word in words(full_name)]
    return _score([fold(word) for word in words(typed)], have)


def _score(wanted: Iterable[str], have: list[str]) -> int:
    total = 0
    for word in wanted:
        best = 0
        for other in have:
            if word == other:
                best = max(best, 4)
            elif other.startswith(word):
                best = max(best, 3)
            elif len(word) >= SLIP_FROM and distance_at_most_one(word, other):
                best = max(best, 2)
        if best == 0:
            return 0
        total += best
    return total
