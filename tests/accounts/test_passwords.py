"""A password that leaked elsewhere is refused, without asking anybody; so is one of the words of this place."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from accounts import services
from accounts.forms import password_problems
from accounts.passwords import OF_THIS_PLACE, has_leaked
from core.errors import Invalid
from tests import factories as make

LEAKED = "три сини чушки и кон"


def made(path: Path, passwords: list[str], *, end: str = "\r\n", last: str = "\r\n") -> Path:
    lines = sorted(hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in passwords)
    path.write_bytes((end.join(f"{line}:{number}" for number, line in enumerate(lines, 1)) + last).encode())
    return path


@pytest.mark.parametrize("count", [1, 2, 3, 10, 997])
@pytest.mark.parametrize(("end", "last"), [("\r\n", "\r\n"), ("\n", ""), ("\n", "\n")])
def test_every_line_is_found_and_nothing_else(tmp_path: Path, count: int, end: str, last: str) -> None:
    known = [f"парола {number}" for number in range(count)]
    path = made(tmp_path / "list", known, end=end, last=last)
    assert all(has_leaked(one, path) for one in known)
    assert not any(has_leaked(f"друга {number}", path) for number in range(200))


def test_an_empty_list_holds_nothing(tmp_path: Path) -> None:
    assert not has_leaked("каквото и да е", made(tmp_path / "list", [], last=""))


def test_little_is_read_of_a_long_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "list", [str(number) for number in range(20_000)])
    reads = []
    from accounts import passwords

    line_from = passwords._line_from
    monkeypatch.setattr(passwords, "_line_from", lambda lines, place: reads.append(place) or line_from(lines, place))
    assert has_leaked("777", path)
    assert len(reads) <= 21


@pytest.fixture
def a_list(tmp_path: Path, settings: Any) -> None:
    settings.LEAKED_PASSWORDS = str(made(tmp_path / "list", [LEAKED]))


@pytest.mark.usefixtures("a_list")
def test_it_is_refused_wherever_a_password_is_chosen(db: None) -> None:
    assert [problem.code for problem in password_problems(LEAKED, None)] == ["password_leaked"]
    assert password_problems("три зелени чушки", None) == []
    make.municipality()
    with pytest.raises(Invalid):
        services.found(
            code="PER36", email="ana@primer.bg", name="Ана", password=LEAKED, now=make.NOW
        )  # fmt: skip


def test_without_a_list_nothing_is_asked(db: None) -> None:
    assert password_problems(LEAKED, None) == []


def test_a_list_that_cannot_be_read_stops_the_start(db: None, settings: Any, tmp_path: Path) -> None:
    settings.LEAKED_PASSWORDS = str(tmp_path / "none")
    assert [found.id for found in run_checks() if found.id == "accounts.E001"] == ["accounts.E001"]
    for without in ("", "common"):
        settings.LEAKED_PASSWORDS = without
        assert [found.id for found in run_checks() if found.id == "accounts.E001"] == []
        assert password_problems(LEAKED, None) == []


@pytest.mark.parametrize(
    "typed",
    ["Радомир2026!!", "radomir-IZVOR-123", "Доброволец№1!", "admin admin admin", "Obshtina.Radomir", "извор1234567890"],
)
def test_the_words_of_this_place_are_no_password(typed: str, db: None) -> None:
    make.village("Извор", of=make.municipality())
    assert "password_of_this_place" in [problem.code for problem in password_problems(typed, None)]


@pytest.mark.parametrize(
    "typed", ["три кучета в Радомир", "админските чушки са зелени", "73 20 11 99 04 18", "xq7!admin§Wlptrzbnk"]
)
def test_words_of_ones_own_beside_them_are(typed: str, db: None) -> None:
    make.municipality()
    assert "password_of_this_place" not in [problem.code for problem in password_problems(typed, None)]


def test_every_word_of_the_page_is_refused_alone_and_twice(db: None) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    for word in OF_THIS_PLACE:
        assert f"`{word}`" in page, word
        assert "password_of_this_place" in [found.code for found in password_problems(f"{word}{word}2026!", None)], word


@pytest.mark.parametrize(
    "typed", ["123456789012", "987654321098", "000000000000", "+359 888 123 456", "00359888123456"]
)
def test_a_number_others_know_is_no_password(db: None, typed: str) -> None:
    assert [problem.code for problem in password_problems(typed, None)] in (
        ["password_too_common"], ["password_telephone"], ["password_too_common", "password_too_common"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["730914582266", "!?#%&()=+*<>", "аааа бббб вввв", "АБВГДЕЖЗИЙКЛ", "🌶🌶🌶🌽🌽🌽🍅🍅🍅🥕🥕🥕"]
)
def test_any_signs_may_stand_in_one(db: None, typed: str) -> None:
    """No rule about capitals, figures or signs: what nobody would try first is taken."""
    assert password_problems(typed, None) == []
