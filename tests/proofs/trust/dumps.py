"""Everything that rests anywhere, as text: the tables as they stand, the tables opened, the cache, the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from core import crypto
from core.fields import EncryptedTextField


def raw_tables() -> Iterator[tuple[str, str]]:
    """Where, and what stands there, as a thief of the database reads it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                for name, value in zip(columns, row, strict=True):
                    yield f"{table}.{name}", as_text(value)


def opened_tables(*, store: bool = False) -> Iterator[tuple[str, str]]:
    """The same with every sealed value opened; the sealed store only where asked."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                sealed_store = isinstance(field, EncryptedTextField) and field.ring_of == crypto.EVIDENCE
                if not sealed_store or store:
                    yield f"{model._meta.label}.{field.name}", as_text(getattr(row, field.attname))
    yield from _sessions()


def _sessions() -> Iterator[tuple[str, str]]:
    from django.contrib.sessions.models import Session

    for session in Session.objects.all():
        yield "session", str(session.get_decoded())


def cached() -> Iterator[tuple[str, str]]:
    """The cache in this process; what rests in Redis is dumped there."""
    kept = getattr(cache, "_cache", {})
    for key, value in kept.items() if isinstance(kept, dict) else ():
        yield "cache", f"{key} {value!r}"


def filed() -> Iterator[tuple[str, str]]:
    for root in {Path(settings.VAR_DIR), Path(settings.MESSAGE_SPOOL)}:
        for file in root.rglob("*") if root.is_dir() else ():
            if file.is_file() and "static" not in file.parts and "kernels" not in file.parts:
                yield f"file {file.name}", f"{file.name} {file.read_bytes().decode(errors='replace')}"


def as_text(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        value = bytes(value)
        return value.hex() + value.decode(errors="replace")
    return str(value)


def found(words: dict[str, str], *places: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which words stand where: (name of the word, place)."""
    hits = set()
    for rows in places:
        for where, text in rows:
            folded = text.casefold()
            hits |= {(name, where) for name, word in words.items() if word and word.casefold() in folded}
    return hits
