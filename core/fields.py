"""The encrypted text field: sealed in the database, opened when it is read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from core import crypto


class Sealed(str):
    """Text as it stands in the database, not yet opened."""

    __slots__ = ()


class _Opening:
    """Attribute access: opens a sealed value once, with the row's own key."""

    def __init__(self, field: EncryptedTextField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        data = instance.__dict__
        name = self.field.attname
        if name not in data:
            instance.refresh_from_db(fields=[name])
        value = data[name]
        if isinstance(value, Sealed):
            value = self.field.opened(value, self.field.bound_to(instance)) if value else ""
            data[name] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text sealed with AES-GCM and bound to its row.

    The model assigns its own key before it saves (UUID). Only `save` and `bulk_create` write it;
    `update`, `bulk_update` and filters on the value raise FieldError, since they do not know the row.
    An empty text stays empty.
    """

    ring_of = crypto.FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            setattr(cls, self.attname, _Opening(self))

    def bound_to(self, instance: models.Model) -> str:
        if instance.pk is None:
            raise FieldError(f"{self} is bound to its row, which has no key yet")
        return self.bound_to_key(instance.pk)

    def bound_to_key(self, key: Any) -> str:
        """The same for a row that is known by its key only."""
        return f"{self.model._meta.db_table}.{self.column}:{key}"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        return self.sealed(value, self.bound_to(model_instance)) if value else Sealed("")

    def sealed(self, plain: str, bound_to: str) -> Sealed:
        return Sealed(crypto.seal(plain, bound_to=bound_to, ring_of=self.ring_of))

    def opened(self, sealed: str, bound_to: str) -> str:
        return crypto.unseal(sealed, bound_to=bound_to, ring_of=self.ring_of)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return value
        if value == "":
            return Sealed("")
        raise FieldError(f"{self} is sealed: write it through save(), find it by its keyed hash")


class EvidenceTextField(EncryptedTextField):
    """Text of the sealed store: under a ring of its own, which the application's ordinary pages never need."""

    ring_of = crypto.EVIDENCE
