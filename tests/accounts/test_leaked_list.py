"""The list passwords are checked against, made from any list of passwords, in little memory however long it is."""

from __future__ import annotations

import hashlib
import tracemalloc
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import leaked_list
from accounts.forms import NewPasswordForm, password_problems
from accounts.passwords import has_leaked
from config.settings import sign_in

ENOUGH = [f"три зелени чушки {number}" for number in range(leaked_list.NEEDED)]
SHORT = ["123456", "парола", "qwerty"]


def written(path: Path, passwords: list[str], *, end: str = "\n") -> Path:
    path.write_bytes("".join(f"{one}{end}" for one in passwords).encode())
    return path


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a short list is sorted as a long one is: in many pieces, more than may be open at once."""
    monkeypatch.setattr(leaked_list, "IN_MEMORY", 50)
    monkeypatch.setattr(leaked_list, "AT_ONCE", 7)


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_password_of_it_is_found_and_nothing_else(tmp_path: Path, end: str) -> None:
    out = tmp_path / "list"
    made = leaked_list.make(written(tmp_path / "words", [*ENOUGH, *SHORT], end=end), out)
    assert (made.lines, made.different, made.match) == (3003, 3003, 3000)
    assert all(has_leaked(one, out) for one in (*ENOUGH[::17], *SHORT))
    assert not any(has_leaked(f"друга {number}", out) for number in range(200))


@pytest.mark.usefixtures("in_pieces")
def test_one_that_stands_there_often_is_counted_across_all_pieces(tmp_path: Path) -> None:
    out = tmp_path / "list"
    often = [word for word in ENOUGH for _ in range(2)] + ["парола"] * 41
    made = leaked_list.make(written(tmp_path / "words", often), out)
    assert (made.lines, made.different, made.match) == (6041, 3001, 3000)
    lines = out.read_text(encoding="ascii").splitlines()
    assert lines == sorted(lines) and len(lines) == 3001
    counts = dict(line.split(":") for line in lines)
    for word, count in ((ENOUGH[0], "2"), ("парола", "41")):
        assert counts[hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper()] == count


@pytest.mark.usefixtures("in_pieces")
def test_a_list_with_too_few_that_match_our_policy_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    """Short ones, counted figures and telephones are refused anyway: a list of them alone would add nothing."""
    others = [*SHORT, "123456789012", "0888123456789"[:13], "+359 888 123 456", "х" * 201]
    words = written(tmp_path / "words", [*ENOUGH[1:], *ENOUGH[1:], *others])
    with pytest.raises(CommandError, match=r"Only 2999 of them .* needs 3000"):
        call_command("leaked_passwords", str(words), str(tmp_path / "list"))
    assert [path.name for path in tmp_path.iterdir()] == ["words"]


def test_a_file_that_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    words, out = written(tmp_path / "words", ENOUGH), written(tmp_path / "list", ["one"])
    with pytest.raises(CommandError, match="there already"):
        call_command("leaked_passwords", str(words), str(out))
    with pytest.raises(FileExistsError):  # one that came meanwhile
        leaked_list.make(words, out)
    assert out.read_text(encoding="utf-8") == "one\n"
    with pytest.raises(CommandError, match="No such file"):
        call_command("leaked_passwords", str(tmp_path / "none"), str(tmp_path / "new"))


def test_lines_that_are_no_text_are_counted_and_left_out(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_bytes("".join(f"{one}\n" for one in ENOUGH).encode() + "три зелени чушки\n\n".encode("cp1251"))
    said = StringIO()
    call_command("leaked_passwords", str(words), str(tmp_path / "list"), stdout=said)
    assert "3001 read, 3000 different, 3000 of them match" in said.getvalue()
    assert "1 left out" in said.getvalue() and f"LEAKED_PASSWORDS={tmp_path / 'list'}" in said.getvalue()


def test_what_it_made_is_refused_where_a_password_is_chosen(db: None, settings: Any, tmp_path: Path) -> None:
    leaked_list.make(written(tmp_path / "words", ENOUGH), tmp_path / "list")
    assert password_problems(ENOUGH[7], None) == []  # the control
    settings.LEAKED_PASSWORDS = str(tmp_path / "list")
    assert [problem.code for problem in password_problems(ENOUGH[7], None)] == ["password_leaked"]


def test_memory_stays_as_small_as_a_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = written(tmp_path / "words", [f"три зелени чушки {number}" for number in range(40_000)])

    def most(in_memory: int) -> int:
        monkeypatch.setattr(leaked_list, "IN_MEMORY", in_memory)
        tracemalloc.start()
        leaked_list.make(words, tmp_path / f"list-{in_memory}")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(1000) < 2_000_000 < most(100_000)  # the second is the control: all of it at once
    assert (tmp_path / "list-1000").read_bytes() == (tmp_path / "list-100000").read_bytes()


def test_its_lengths_are_those_of_the_policy() -> None:
    (least,) = [one["OPTIONS"] for one in sign_in.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in one["NAME"]]
    assert least == {"min_length": leaked_list.SHORTEST}
    assert NewPasswordForm().fields["password1"].max_length == leaked_list.LONGEST
