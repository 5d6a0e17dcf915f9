"""Sealing everything anew with the first key of the ring, while the application goes on writing.

A row is changed only where it still holds the old sealed values (compare and set): nothing that somebody writes
meanwhile is lost. What is left to do is what does not begin with the first key's id: a killed run is begun again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Cast, Left, StrIndex

from core import crypto
from core.fields import EncryptedTextField, Sealed

BATCH = 500
# Somebody writes the very row: read it again so often, then leave it to the next run.
TRIES = 5


@dataclass(frozen=True)
class Progress:
    """How far one table is: rows sealed anew, rows somebody else sealed or removed meanwhile."""

    table: str
    done: int
    by_others: int


@dataclass(frozen=True)
class Elsewhere:
    """Values sealed with the ring of ordinary fields that are no field of ours."""

    rotate: Callable[[int], Iterator[Progress]]
    in_use: Callable[[], Counter[str]]


# The rooms say it when they start.
ELSEWHERE: list[Elsewhere] = []


def sealed_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]


def tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if sealed_fields(model)]


def rotate(model: type[models.Model], *, batch: int = BATCH) -> Iterator[Progress]:
    """Seal one table's rows anew; says how far it is after each batch. Raises CannotOpen where a key is missing."""
    done = by_others = 0
    after: Any = None
    while rows := list(_old(model, after)[:batch]):
        for row in rows:
            if _anew(model, row):
                done += 1
            else:
                by_others += 1
        after = rows[-1]["pk"]
        yield Progress(model._meta.db_table, done, by_others)


def rotate_elsewhere(*, batch: int = BATCH) -> Iterator[Progress]:
    for one in ELSEWHERE:
        yield from one.rotate(batch)


def in_use(ring_of: str = crypto.FIELDS) -> Counter[str]:
    """Key id → how many cells it seals, over all tables whose fields belong to this ring."""
    found: Counter[str] = Counter()
    if ring_of == crypto.FIELDS:
        for one in ELSEWHERE:
            found.update(one.in_use())
    for model in tables():
        for field in (field for field in sealed_fields(model) if field.ring_of == ring_of):
            text = Cast(field.attname, models.TextField())
            rows = model._base_manager.annotate(_text=text).exclude(_text="")
            counted = rows.annotate(_key=Left("_text", StrIndex("_text", models.Value(".")) - 1)).order_by()
            found.update(dict(counted.values_list("_key").annotate(n=Count("pk"))))
    return found


def _head(field: EncryptedTextField) -> str:
    """What a value begins with that is sealed as it should be."""
    return f"{crypto.first_key(field.ring_of)}."


def _text(name: str) -> str:
    return f"_text_{name}"


def _old(model: type[models.Model], after: Any) -> models.QuerySet[Any, dict[str, Any]]:
    """Rows in which some value is not sealed with the first key, by key, as they stand in the database."""
    rows = model._base_manager.order_by("pk")
    needs = Q()
    for field in sealed_fields(model):
        name, head = field.attname, _head(field)
        rows = rows.annotate(**{_text(name): Cast(name, models.TextField())})
        rows = rows.annotate(**{f"_head_{name}": Left(F(_text(name)), len(head))})
        needs |= ~Q(**{f"_head_{name}__in": [head, ""]})
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return rows.filter(needs).values("pk", *(_text(field.attname) for field in sealed_fields(model)))


def _anew(model: type[models.Model], row: dict[str, Any]) -> bool:
    """Whether this row was sealed anew here; False where somebody did meanwhile, or removed it."""
    for _try in range(TRIES):
        old: dict[str, Any] = {}
        new: dict[str, Any] = {}
        for field in sealed_fields(model):
            value = row[_text(field.attname)]
            if value and not value.startswith(_head(field)):
                bound_to = field.bound_to_key(row["pk"])
                old[field.attname] = Sealed(value)
                new[field.attname] = field.sealed(field.opened(value, bound_to), bound_to)
        if not new:
            return False
        if compare_and_set(model, row["pk"], old, new):
            return True
        fresh = _old(model, None).filter(pk=row["pk"]).first()
        if fresh is None:
            return False
        row = fresh
    return False


def compare_and_set(model: type[models.Model], key: Any, old: dict[str, Any], new: dict[str, Any]) -> bool:
    return bool(model._base_manager.filter(pk=key, **old).update(**new))
