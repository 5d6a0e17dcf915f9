"""What must never be written down is found however it is typed, and what only looks like it is let through."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import forbidden
from core.validators import no_secrets

EGN = "7523169263"


def egn(first_nine: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first_nine, forbidden.EGN_WEIGHTS, strict=True))
    return f"{first_nine}{total % 11 % 10}"


@pytest.mark.parametrize(
    "text",
    [
        EGN,
        f"ЕГН{EGN}",
        f"моето е {EGN}, запишете го",
        "752316-9263",
        "75 23 16 92 63",
        "75.23.16.9263",
        "752316 / 9263",
        "752316–9263",
        "7 5 2 3 1 6 9 2 6 3",
        "7523\n169263",
        f"0888123456 {EGN}",
        f"тел. 0888 123 456, {EGN}",
        egn("014101001"),
        egn("850715043"),
    ],
)
def test_a_personal_number_is_found(text: str) -> None:
    assert forbidden.find(text) == "egn"
    blotted = forbidden.mask(text)
    assert "•" in blotted and forbidden.find(blotted) is None and len(blotted) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "да звънна на Мария",
        # ten digits that are not one: wrong checksum, no such day
        "7523169264",
        "7502310009",
        "0888 123 456",
        "+359 888 123 456",
        "02 987 65 43",
        "заявка № 4821 от 05.10.2026 г.",
        "вход 3, ап. 12, код 1234",
        "от 9:00 до 12:30, после 14:00-16:00",
        "2026-10-05 10:30",
        f"{EGN}1",
        "BG00",
        "BG81 BNBG 9661 1020 3456 78",
        "4111 1111 1111 1112",
        "фактура 1234567890123",
    ],
)
def test_what_only_looks_like_one_is_let_through(text: str) -> None:
    assert forbidden.find(text) is None
    assert forbidden.mask(text) == text
    no_secrets(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1000000001", "lnch"),
        ("1000-0000-01", "lnch"),
        ("BG80BNBG96611020345678", "iban"),
        ("bg80 bnbg 9661 1020 3456 78", "iban"),
        ("сметка BG80-BNBG-9661-1020-3456-78 в банката", "iban"),
        # typed on a Bulgarian keyboard: В and Н are Cyrillic here
        ("ВG80 ВNВG 9661 1020 3456 78", "iban"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("4111111111111111", "card"),
        ("4111-1111-1111-1111", "card"),
        ("5500 0000 0000 0004 до 12/27", "card"),
        ("3782 822463 10005", "card"),
    ],
)
def test_the_others_are_found(text: str, kind: str) -> None:
    assert forbidden.find(text) == kind
    assert forbidden.find(forbidden.mask(text)) is None


def test_it_is_refused_with_a_kind_word_that_does_not_repeat_it() -> None:
    with pytest.raises(ValidationError) as told:
        no_secrets(f"ЕГН {EGN}")
    assert told.value.code == "forbidden_egn"
    assert "не ни трябва" in str(told.value.message) and EGN not in str(told.value.message)


def test_a_sign_that_cannot_be_stored_is_refused_too() -> None:
    with pytest.raises(ValidationError) as told:
        no_secrets("до\x00чешмата")
    assert told.value.code == "control_character"


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)),
    st.integers(0, 999),
    st.sampled_from(["", " ", "-", ".", "/", " - "]),
    st.integers(1, 9),
)
def test_every_real_one_is_found_wherever_it_is_broken(born, order, between, place) -> None:
    month = born.month + (40 if born.year >= 2000 else 0)
    number = egn(f"{born.year % 100:02d}{month:02d}{born.day:02d}{order:03d}")
    assert forbidden.is_egn(number)
    assert forbidden.find(f"тя е {number[:place]}{between}{number[place:]} там") == "egn"


@given(st.text(alphabet="0123456789 .-/АВСтел", max_size=60))
def test_no_text_upsets_it(text: str) -> None:
    assert len(forbidden.mask(text)) == len(text)
