"""What every change of a volunteer begins and ends with: the locked row, and the mark that something changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from core.errors import Invalid
from core.validators import no_secrets
from volunteers.models import Volunteer


def locked(volunteer_id: UUID) -> Volunteer:
    """The row, held until the transaction ends. Raises Volunteer.DoesNotExist."""
    return Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer_id)


def touch(volunteer: Volunteer, now: datetime) -> None:
    """Mark that something planning reads has changed: it looks only at `updated_at` of this row."""
    Volunteer.objects.filter(pk=volunteer.pk).update(updated_at=now)
    volunteer.updated_at = now


def save(volunteer: Volunteer, now: datetime, fields: Iterable[str]) -> None:
    """Save some fields and mark the change."""
    volunteer.save(update_fields=list(fields))
    touch(volunteer, now)


def clean(text: str, *, field: str, longest: int = 500) -> str:
    """Trimmed free text. Raises Invalid on a forbidden number or a text that is too long."""
    trimmed = text.strip()
    if len(trimmed) > longest:
        raise Invalid(code="too_long", field=field)
    try:
        no_secrets(trimmed)
    except ValidationError as error:
        raise Invalid(error.messages[0], code=error.code or "forbidden", field=field) from None
    return trimmed
