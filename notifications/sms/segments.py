"""How many SMS a text is. 3GPP TS 23.038 (the 7-bit alphabet and its extension) and TS 23.040 (concatenation)."""

from __future__ import annotations

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes two places: an escape and itself.
EXTENSION = frozenset("^{}\\[~]|€\f")
GSM_ONE, GSM_MANY = 160, 153
UCS2_ONE, UCS2_MANY = 70, 67


@dataclass(frozen=True, slots=True)
class Size:
    """`places` are septets of the 7-bit alphabet or 16-bit units of UCS-2."""

    is_gsm: bool
    places: int
    segments: int

    @property
    def left(self) -> int:
        """Places until another segment begins."""
        one, many = (GSM_ONE, GSM_MANY) if self.is_gsm else (UCS2_ONE, UCS2_MANY)
        return one - self.places if self.segments <= 1 else self.segments * many - self.places


def size(text: str) -> Size:
    """The size of a text as an SMS, by the smaller alphabet that can write it."""
    is_gsm = all(sign in BASIC or sign in EXTENSION for sign in text)
    widths = [_width(sign, is_gsm) for sign in text]
    one, many = (GSM_ONE, GSM_MANY) if is_gsm else (UCS2_ONE, UCS2_MANY)
    places = sum(widths)
    return Size(is_gsm, places, 1 if places <= one else _parts(widths, many))


def _width(sign: str, is_gsm: bool) -> int:
    if is_gsm:
        return 2 if sign in EXTENSION else 1
    # Beyond the basic plane (emoji) a sign is a surrogate pair.
    return 2 if ord(sign) > 0xFFFF else 1


def _parts(widths: list[int], room: int) -> int:
    """Segments of a long text: a sign of two places is never divided between two of them."""
    parts, filled = 1, 0
    for width in widths:
        if filled + width > room:
            parts, filled = parts + 1, 0
        filled += width
    return parts
