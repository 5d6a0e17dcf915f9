"""Bulgarian names in Latin letters by the Transliteration Act of 2009."""

from __future__ import annotations

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъьюя"
LATIN = "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya"
LETTERS = dict(zip(CYRILLIC, LATIN.split(), strict=True))


def latin(name: str) -> str:
    """„Горна Диканя“ → “Gorna Dikanya”; a final „-ия“ is “-ia”. Other signs stay as they are."""
    return " ".join(_word(word) for word in name.split(" "))


def _word(word: str) -> str:
    if word.lower().endswith("ия"):
        return _letters(word[:-2]) + "ia"
    return _letters(word)


def _letters(text: str) -> str:
    return "".join(
        latin.capitalize() if sign.isupper() else latin for sign in text for latin in [LETTERS.get(sign.lower(), sign)]
    )
