"""The register of every place where personal data rests: what, whose, why, how it is protected, for how long.

Each room writes its own in `<room>/personal_data.py`, by names, without importing its models. A test
(`tests/core/test_register.py`) compares it with what is there: a table, a cache, a file or a log that nobody
registered fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


class How(StrEnum):
    SEALED = "sealed"
    HASHED = "keyed hash"
    PLAIN = "plain"


class Kind(StrEnum):
    CACHE = "cache"
    FILE = "file"
    LOG = "log"
    SESSION = "session"
    AWAY = "leaves the house"


@dataclass(frozen=True)
class Rows:
    """One table with personal data. Fields are named under how they are protected, each with its category.

    `codes` are fields that could hold text and hold none of a person: codes, states, keys of other rows.
    """

    model: str
    whose: str
    why: str
    kept: str
    erased: str
    sealed: Mapping[str, str] = field(default_factory=dict)
    hashed: Mapping[str, str] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict)
    codes: str = ""

    @property
    def cells(self) -> Iterator[tuple[str, str, How]]:
        """Field, category, protection."""
        for how, fields in ((How.SEALED, self.sealed), (How.HASHED, self.hashed), (How.PLAIN, self.plain)):
            for name, what in fields.items():
                yield name, what, how

    @property
    def named(self) -> set[str]:
        return {name for name, _what, _how in self.cells} | set(self.codes.split())


@dataclass(frozen=True)
class Nobodys:
    """A table without personal data, its text fields by name: a new one must be thought about."""

    model: str
    because: str
    fields: str = ""

    @property
    def named(self) -> set[str]:
        return set(self.fields.split())


@dataclass(frozen=True)
class Area:
    """A place that is no table: a family of cache keys, files, a log. `written_by` names the modules that write it."""

    name: str
    kind: Kind
    what: str
    whose: str
    why: str
    how: str
    kept: str
    erased: str
    written_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Register:
    rows: tuple[Rows, ...]
    nobodys: tuple[Nobodys, ...]
    areas: tuple[Area, ...]


def gathered() -> Register:
    """What all rooms have written down, from the top floor to the bottom."""
    rows: list[Rows] = []
    nobodys: list[Nobodys] = []
    areas: list[Area] = []
    for room in apps.get_app_configs():
        if room.module and module_has_submodule(room.module, "personal_data"):
            page = import_module(f"{room.name}.personal_data")
            rows += getattr(page, "ROWS", ())
            nobodys += getattr(page, "NOBODYS", ())
            areas += getattr(page, "AREAS", ())
    return Register(tuple(rows), tuple(nobodys), tuple(areas))
