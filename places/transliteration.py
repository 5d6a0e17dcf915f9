"""Bulgarian names in Latin letters by the Transliteration Act of 2009."""

from __future__ import annotations

import re

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъьюя"
LATIN = "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya"
WORD = re.compile(r"[^\W\d_]+")
LETTERS = dict(zip(CYRILLIC, LATIN.split(), strict=True))


def latin(name: str) -> str:
    """„Горна Диканя“ → “Gorna Dikanya”; a final „-ия“ is “-ia”, and the country “Bulgaria”. Other signs stay."""
    return WORD.sub(lambda match: _word(match.group()), name)


def _word(word: str) -> str:
    if word.lower() == "българия":
        return "Bulgaria" if word[0].isupper() else "bulgaria"
    if word.lower().endswith("ия"):
        return _letters(word[:-2]) + "ia"
    return _letters(word)


def _letters(text: str) -> str:
    return "".join(
        latin.capitalize() if sign.isupper() else latin for sign in text for latin in [LETTERS.get(sign.lower(), sign)]
    )
