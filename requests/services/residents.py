"""People: registered once, corrected when needed, found by hashed names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.phones import normalise
from core.validators import no_secrets
from notifications.services import contacts
from places.models import Municipality, Settlement
from requests import names
from requests.models import PersonRule, Resident, ResidentNameKey
from requests.selectors.people import name_key
from requests.services import calendars
from requests.states import Need, RuleKind
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Person:
    """What is asked of a person: never ЕГН, PIN, IBAN or diagnosis. `phone` as typed."""

    first_name: str
    last_name: str
    settlement: Settlement
    phone: str
    middle_name: str = ""
    email: str = ""
    address_note: str = ""
    needs: Sequence[str] = field(default_factory=tuple)
    language: str = "bg"


@transaction.atomic
def register(*, municipality: Municipality, person: Person, now: datetime) -> Resident:
    """A new person. Raises Invalid, or ValidationError where a text holds a forbidden number."""
    _check(municipality, person)
    contact = contacts.make_contact(
        municipality=municipality, phone=normalise(person.phone), email=person.email, language=person.language
    )
    resident = Resident(
        municipality=municipality,
        contact=contact,
        first_name=person.first_name.strip(),
        middle_name=person.middle_name.strip(),
        last_name=person.last_name.strip(),
        settlement=person.settlement,
        address_note=person.address_note.strip(),
        needs=list(person.needs),
    )
    resident.save(force_insert=True)
    _index_name(resident)
    return resident


@transaction.atomic
def correct(*, resident: Resident, person: Person, now: datetime, way: str = "") -> Resident:
    """Put right what was written down, and how the person wishes to be told things. Same errors as `register`."""
    _check(resident.municipality, person)
    contacts.change_contact(
        resident.contact, phone=normalise(person.phone), email=person.email, language=person.language
    )
    if way:
        contacts.prefer(resident.contact, way)
    renamed, moved = resident.full_name, resident.settlement_id != person.settlement.pk
    resident.first_name, resident.middle_name = person.first_name.strip(), person.middle_name.strip()
    resident.last_name = person.last_name.strip()
    resident.settlement, resident.address_note = person.settlement, person.address_note.strip()
    resident.needs = list(person.needs)
    resident.save()
    if moved:
        calendars.changed(help_request__resident=resident, now=now)
    if resident.full_name != renamed:
        ResidentNameKey.objects.filter(resident=resident).delete()
        _index_name(resident)
    return resident


@transaction.atomic
def set_relative(*, resident: Resident, phone: str, now: datetime) -> Resident:
    """Who is told that a visit began and ended, by the person's own wish; nobody where `phone` is empty.

    `phone` as typed. Raises Invalid. Whoever is told no more keeps no messages waiting.
    """
    former = resident.relative
    number = normalise(phone) if phone.strip() else ""
    if former is not None and former.phone == number:
        return resident
    resident.relative = (
        contacts.make_contact(municipality=resident.municipality, phone=number, language=resident.contact.language)
        if number
        else None
    )
    resident.save(update_fields=["relative", "updated_at"])
    if former is not None:
        contacts.stop(former, now=now)
    return resident


@transaction.atomic
def set_rule(*, resident: Resident, volunteer: Volunteer, kind: str, note: str = "", now: datetime) -> PersonRule:
    """Better together, or not together. Raises Invalid across municipalities."""
    no_secrets(note)
    if kind not in RuleKind.values or volunteer.municipality_id != resident.municipality_id:
        raise Invalid(_("Изберете човек от вашата община."), code="other_municipality")
    rule = PersonRule.objects.filter(resident=resident, volunteer=volunteer).first()
    rule = rule or PersonRule(resident=resident, volunteer=volunteer)
    rule.kind, rule.note = kind, note
    rule.save()
    Volunteer.objects.filter(pk=volunteer.pk).update(updated_at=now)
    return rule


@transaction.atomic
def drop_rule(*, rule: PersonRule, now: datetime) -> None:
    rule.delete()
    Volunteer.objects.filter(pk=rule.volunteer_id).update(updated_at=now)


def _check(municipality: Municipality, person: Person) -> None:
    for text in (person.first_name, person.middle_name, person.last_name, person.address_note):
        no_secrets(text)
    if not person.first_name.strip() or not person.last_name.strip():
        raise Invalid(_("Напишете име и фамилия."), code="name", field="last_name")
    if person.settlement.municipality_id != municipality.pk:
        raise Invalid(_("Изберете село от общината."), code="settlement", field="settlement")
    if unknown := set(person.needs) - set(Need.values):
        raise Invalid(_("Изберете нужди от списъка."), code="needs", field="needs", unknown=sorted(unknown))


def _index_name(resident: Resident) -> None:
    keys = {name_key(resident.municipality_id, text) for text in names.keys_to_store(resident.full_name)}
    ResidentNameKey.objects.bulk_create(
        ResidentNameKey(municipality=resident.municipality, resident=resident, key=key) for key in sorted(keys)
    )
