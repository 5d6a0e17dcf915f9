"""No password that is known to have leaked, and none made of the words of this place or of a number others know.

Leaked ones are looked up in a file on this machine, asked of nobody: the public list of SHA-1 hashes in their order,
one a line, `HASH:how often`. It is searched by halving; nothing of it stays in memory.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.phones import normalise
from places.models import Municipality, Settlement

HEX = 40
# ASVS 6.2.4: the most common ones that match the policy, so many at least.
NEEDED = 3000
# In place of a file: the operator's decision to go without one (config/passwords.py).
COMMON = "common"


def sha1(password: bytes) -> bytes:
    """As the list has it: forty hexadecimal signs, in capitals."""
    return hashlib.sha1(password, usedforsecurity=False).hexdigest().upper().encode()


def has_leaked(password: str, path: Path) -> bool:
    """Raises OSError where the file cannot be read."""
    wanted = sha1(password.encode())
    with path.open("rb") as lines:
        low, high = 0, os.fstat(lines.fileno()).st_size
        # The line of `wanted`, if it is there, begins at or after `low` and before `high`.
        while low < high:
            middle = (low + high) // 2
            start, found = _line_from(lines, middle)
            if found == wanted:
                return True
            if not found or found > wanted:
                high = middle
            else:
                low = start + len(found) + 1
        return False


def _line_from(lines: BinaryIO, place: int) -> tuple[int, bytes]:
    """Where the first line begins at or after this place, and its hash; empty at the end."""
    if place:
        lines.seek(place - 1)
        lines.readline()
    else:
        lines.seek(0)
    start = lines.tell()
    return start, lines.readline().strip()[:HEX].upper()


# What somebody who knows the service would try first. docs/security.md says it too.
OF_THIS_PLACE = (
    "цифровидоброволци", "доброволци", "доброволец", "digitalvolunteers", "volunteers", "volunteer", "dobrovolci",
    "dobrovoltsi", "dobrovolec", "община", "obshtina", "кметство", "kmetstvo", "координатор", "coordinator",
    "koordinator", "администратор", "administrator", "admin", "парола", "parola", "password", "гише", "gishe",
)  # fmt: skip
# So many letters of one's own must stand beside them.
OWN_LETTERS = 8


def letters(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalpha())


def is_of_this_place(password: str, places: Iterable[str]) -> bool:
    """Whether little is left of it without the words of this place: of „Радомир2026!!“ nothing, of a sentence much."""
    said = left = letters(password)
    for word in sorted({*OF_THIS_PLACE, *map(letters, places)} - {""}, key=len, reverse=True):
        left = left.replace(word, "")
    return left != said and len(left) < OWN_LETTERS


def is_counting(password: str) -> bool:
    """„123456789012“, „999999999999“, „098765432109“: every figure the same step from the one before."""
    figures = [int(sign) for sign in password if sign.isascii() and sign.isdigit()]
    steps = {(after - before) % 10 for before, after in pairwise(figures)}
    return len(figures) == len(password) and len(steps) == 1


def is_a_telephone(password: str) -> bool:
    try:
        return password.strip().startswith(("0", "+")) and not letters(password) and bool(normalise(password))
    except Invalid:
        return False


class NotANumberOthersKnow:
    """A validator of Django's. Figures alone may stand in a password: not a telephone's, and not those one counts."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_counting(password):
            raise ValidationError("", code="password_too_common")
        if is_a_telephone(password):
            raise ValidationError(_("Телефонен номер знаят и други. Изберете друга парола."), code="password_telephone")

    def get_help_text(self) -> str:
        return ""


class NotOfThisPlace:
    """A validator of Django's: the service's own words, and the names of the municipalities and villages it serves."""

    def validate(self, password: str, user: Any = None) -> None:
        names = Settlement.objects.filter(municipality__active=True).values_list("name_bg", "name_en")
        towns = Municipality.objects.active().values_list("name_bg", "name_en")
        if is_of_this_place(password, (name for pair in (*names, *towns) for name in pair)):
            raise ValidationError(
                _("Такава парола първо ще опитат. Изберете други думи."), code="password_of_this_place"
            )

    def get_help_text(self) -> str:
        return ""


def the_list() -> Path | None:
    """The file to look in; None for a demonstration, and where the operator decided for the common list alone."""
    return Path(settings.LEAKED_PASSWORDS) if settings.LEAKED_PASSWORDS not in ("", COMMON) else None


class NotLeaked:
    """A validator of Django's. Without a list it lets everything through: the common one still stands."""

    def validate(self, password: str, user: Any = None) -> None:
        path = the_list()
        if path is not None and has_leaked(password, path):
            raise ValidationError(_("Тази парола е изтекла от друг сайт. Изберете друга."), code="password_leaked")

    def get_help_text(self) -> str:
        return ""


HINT = "See docs/operations.md, section Sign-in."


@register()
def the_list_can_be_read(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A list that was asked for and is not there stops every command: nobody would notice its absence otherwise."""
    path = the_list()
    if path is None:
        return []
    if not os.access(path, os.R_OK):
        return [Error("LEAKED_PASSWORDS names a file that cannot be read.", hint=HINT, id="accounts.E001")]
    if path.stat().st_size < NEEDED * (HEX + 1):
        told = f"LEAKED_PASSWORDS names a file with fewer than {NEEDED} passwords."
        return [Error(told, hint=HINT, id="accounts.E002")]
    return []


@register(deploy=True)
def a_list_is_named(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """To go without one is the operator's decision; it is said again whenever an installation is looked over."""
    if settings.LEAKED_PASSWORDS != COMMON:
        return []
    told = "LEAKED_PASSWORDS=common: of the common passwords only those Django knows are refused."
    return [Warning(told, hint=HINT, id="accounts.W001")]
