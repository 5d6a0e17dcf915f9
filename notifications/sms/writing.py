"""The words of an SMS: Cyrillic as written, or Latin letters by the Transliteration Act where the person chose them."""

from __future__ import annotations

from notifications.sms.segments import Size, size
from places.transliteration import latin

# What the 7-bit alphabet does not have, and says otherwise.
PLAIN = str.maketrans(
    {"„": '"', "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "№": "No.", "\u00a0": " ", "’": "'"}
)


def sms_text(text: str, *, in_latin: bool) -> str:
    """What is sent: one line, with plain spaces; in Latin letters and plain signs where wished."""
    line = " ".join(text.split())
    return latin(line).translate(PLAIN) if in_latin else line


def sms_size(text: str, *, in_latin: bool) -> Size:
    return size(sms_text(text, in_latin=in_latin))
