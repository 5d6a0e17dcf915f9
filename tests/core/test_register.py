"""The register of personal data holds every table, cache, file and log; what is new fails until it is written down."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models

from core import register_page
from core.fields import EncryptedTextField
from core.register import Area, How, Kind, Nobodys, Register, Rows, gathered

ROOT = Path(__file__).resolve().parents[2]
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
PERSONAL_NAME = re.compile(
    r"birth|egn|phone|mail|(^|_)name|address|(^|_)ip$|agent|secret|_hash$|latitude|longitude|password"
)
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
# What builds pages and documents, and what only tests and demonstrations run.
TOOLS = ("management/", "config/demo/")


def must_be_named(model: type[models.Model]) -> set[str]:
    """Fields that could hold something of a person: free text, and whatever is called like it."""
    found = set()
    for field in model._meta.concrete_fields:
        free = isinstance(field, TEXT) and not field.choices and not field.is_relation
        if (free or PERSONAL_NAME.search(field.name)) and not isinstance(field, models.BooleanField):
            found.add(field.name)
    # A village's place on the map is public.
    return found - ({"latitude", "longitude"} if model._meta.app_label == "places" else set())


def unregistered(register: Register, tables: list[type[models.Model]]) -> list[str]:
    known = {one.model: one for one in (*register.rows, *register.nobodys)}
    complaints = []
    for model in tables:
        label = model._meta.label
        if label not in known:
            complaints.append(f"{label} is not in the register")
            continue
        missing = must_be_named(model) - known[label].named
        complaints += [f"{label}.{name} is not in the register" for name in sorted(missing)]
    return complaints


def tables() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def test_every_table_and_every_field_that_could_hold_a_person_is_registered():
    assert unregistered(gathered(), tables()) == []


def test_the_register_names_nothing_that_is_not_there():
    there = {model._meta.label: {field.name for field in model._meta.get_fields()} for model in tables()}
    for one in (*gathered().rows, *gathered().nobodys):
        assert one.model in there, one.model
        assert one.named <= there[one.model], (one.model, one.named - there[one.model])


def test_sealed_means_sealed_and_everything_sealed_says_so():
    by_label = {model._meta.label: model for model in tables()}
    for rows in gathered().rows:
        for name, _what, how in rows.cells:
            field = by_label[rows.model]._meta.get_field(name)
            assert isinstance(field, EncryptedTextField) == (how == How.SEALED), f"{rows.model}.{name}"
    said = {f"{rows.model}.{name}" for rows in gathered().rows for name in rows.sealed}
    nobodys = {f"{one.model}.{name}" for one in gathered().nobodys for name in one.named}
    for model in tables():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                assert f"{model._meta.label}.{field.name}" in said | nobodys


@pytest.mark.parametrize("gap", ["a table", "a field"])
def test_a_gap_is_noticed(gap):
    register = gathered()
    contact = next(rows for rows in register.rows if rows.model == "notifications.Contact")
    others = tuple(rows for rows in register.rows if rows is not contact)
    left = () if gap == "a table" else (replace(contact, sealed={"email": "e-mail"}),)
    found = unregistered(Register((*others, *left), register.nobodys, register.areas), tables())
    assert found == [f"notifications.Contact{'' if gap == 'a table' else '.phone'} is not in the register"]


WRITES_FILES = re.compile(
    r"write_text|write_bytes|mkstemp|NamedTemporaryFile|os\.fdopen|\.open\(\"[wxa]|default_storage"
)
CACHES = re.compile(r"from django\.core\.cache import|caches\[")
LOGS = re.compile(r"getLogger|^import structlog|from structlog", re.M)
SESSION = re.compile(r"\bsession\[")


def writers(root: Path = ROOT) -> dict[str, set[str]]:
    """Module → what it does that can leave something behind outside the tables."""
    found: dict[str, set[str]] = {}
    for path in (path for room in ROOMS for path in sorted((root / room).rglob("*.py"))):
        name = path.relative_to(root).as_posix()
        if any(part in name for part in TOOLS):
            continue
        source = path.read_text(encoding="utf-8")
        for word, pattern in (("cache", CACHES), ("file", WRITES_FILES), ("log", LOGS), ("session", SESSION)):
            if pattern.search(source):
                found.setdefault(name, set()).add(word)
    return found


KINDS = {"cache": Kind.CACHE, "file": Kind.FILE, "log": Kind.LOG, "session": Kind.SESSION}


def unregistered_writers(areas: tuple[Area, ...], found: dict[str, set[str]]) -> list[str]:
    known = {(module, area.kind) for area in areas for module in area.written_by}
    return [f"{module}: {word}" for module, words in sorted(found.items()) for word in sorted(words)
            if (module, KINDS[word]) not in known]  # fmt: skip


def test_every_module_that_writes_a_cache_a_file_a_log_or_a_session_is_registered():
    assert unregistered_writers(gathered().areas, writers()) == []


def test_the_areas_name_modules_that_are_there():
    for area in gathered().areas:
        for module in area.written_by:
            assert (ROOT / module).exists(), module


def test_a_new_writer_is_noticed():
    found = writers() | {"requests/new.py": {"cache"}}
    assert unregistered_writers(gathered().areas, found) == ["requests/new.py: cache"]


def test_every_family_of_tries_is_counted_by_hashed_addresses_only():
    """All counting goes through one class, whose keys hold a keyed hash."""
    modules = {name for name, words in writers().items() if "cache" in words}
    assert modules == {module for area in gathered().areas if area.kind == Kind.CACHE for module in area.written_by}
    for name in modules:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        assert any(isinstance(node, ast.Name) and node.id in ("lookup_hash", "keyed_digest") for node in ast.walk(tree))


def test_every_word_of_an_entry_is_given():
    for rows in gathered().rows:
        assert all((rows.whose, rows.why, rows.kept, rows.erased)), rows.model
    assert len({rows.model for rows in gathered().rows}) == len(gathered().rows)
    assert not {rows.model for rows in gathered().rows} & {one.model for one in gathered().nobodys}


def test_the_page_is_current():
    call_command("personal_data", "--check")


def test_an_old_page_is_noticed(monkeypatch):
    monkeypatch.setattr(register_page, "page", lambda: "something else")
    with pytest.raises(CommandError):
        call_command("personal_data", "--check")


def test_the_page_tells_of_each_cell():
    text = register_page.page(
        Register(
            (Rows("a.B", whose="w", why="y", kept="k", erased="e", sealed={"c": "name"}),),
            (Nobodys("a.C", "public"),), (),
        )
    )  # fmt: skip
    assert "- `c` name (sealed)" in text
    assert "- `a.C`: public" in text
