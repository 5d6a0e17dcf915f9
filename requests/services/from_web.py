"""A request sent from the public questions: once, whoever presses the button twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from core.models import IdempotencyRecord
from core.phones import normalise
from places.models import Municipality
from requests.models import HelpRequest, Resident
from requests.selectors.people import same_person
from requests.services import intake, residents


@transaction.atomic
def submit_once(
    *, token: str, municipality: Municipality, person: residents.Person, wanted: intake.Wanted, now: datetime
) -> HelpRequest:
    """The request of this token: made now, or the one that the same token made before.

    A second call waits for the first one's commit. Raises Invalid, ValidationError.
    """
    key = sha256(f"ask\0{token}".encode()).hexdigest()
    record, is_new = IdempotencyRecord.objects.get_or_create(key_hash=key, defaults={"body_hash": ""})
    if not is_new:
        return HelpRequest.objects.select_related("municipality", "resident").get(pk=record.location)
    resident, wanted = _resident(municipality, person, wanted, now)
    help_request = intake.submit_from_web(resident=resident, wanted=wanted, now=now)
    record.location, record.status = str(help_request.pk), 201
    record.save(update_fields=["location", "status"])
    return help_request


def _resident(
    municipality: Municipality, person: residents.Person, wanted: intake.Wanted, now: datetime
) -> tuple[Resident, intake.Wanted]:
    """Somebody of this very name, phone and village is the same person; nothing of theirs is changed or told.

    What was typed about the home then rests in the request until the desk has phoned.
    """
    known = same_person(
        municipality, phone=normalise(person.phone), full_name=_full_name(person), settlement=person.settlement
    )
    if known is None:
        return residents.register(municipality=municipality, person=person, now=now), wanted
    note = "\n".join(part for part in (wanted.note.strip(), person.address_note.strip()) if part)
    return known, replace(wanted, note=note)


def _full_name(person: residents.Person) -> str:
    return " ".join(part.strip() for part in (person.first_name, person.middle_name, person.last_name) if part.strip())
