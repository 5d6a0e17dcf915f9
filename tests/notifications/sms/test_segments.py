"""How many SMS a text is, by the alphabet that can write it."""

from __future__ import annotations

import pytest

from notifications.sms.segments import size
from notifications.sms.writing import sms_size, sms_text


@pytest.mark.parametrize(
    ("text", "is_gsm", "segments", "left"),
    [
        ("", True, 1, 160),
        ("a" * 160, True, 1, 0),
        ("a" * 161, True, 2, 145),
        ("a" * 306, True, 2, 0),
        ("a" * 307, True, 3, 152),
        ("€" * 80, True, 1, 0),
        ("б" * 70, False, 1, 0),
        ("б" * 71, False, 2, 63),
        ("б" * 134, False, 2, 0),
        ("б" * 135, False, 3, 66),
        ("a" * 69 + "б", False, 1, 0),
        ("😀" * 35, False, 1, 0),
        ("😀" * 36, False, 2, 62),
    ],
)
def test_a_text_takes_so_many_segments(text: str, is_gsm: bool, segments: int, left: int) -> None:
    measured = size(text)
    assert (measured.is_gsm, measured.segments, measured.left) == (is_gsm, segments, left)


def test_a_sign_of_two_places_is_not_divided_between_segments() -> None:
    # 152 places and an escape: it moves to the second segment as a whole.
    assert size("a" * 152 + "€" + "a" * 152).segments == 3
    assert size("a" * 153 + "€" + "a" * 151).segments == 2
    assert size("б" * 66 + "😀" + "б" * 66).segments == 3


def test_latin_letters_are_the_laws_and_plain_signs_are_those_every_telephone_has() -> None:
    text = "Ще дойдем в с. Горна Диканя, „Извор“ – чт 15.10. България!"
    assert sms_text(text, in_latin=True) == 'Shte doydem v s. Gorna Dikanya, "Izvor" - cht 15.10. Bulgaria!'
    assert sms_size(text, in_latin=True).is_gsm
    assert sms_text("един\n ред\u00a0само", in_latin=False) == "един ред само"
