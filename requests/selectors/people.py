"""Finding a person by telephone or by a name typed in either script with one slip."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q

from accounts.models import Membership
from core.crypto import keyed_digest
from core.errors import Invalid
from core.phones import normalise, phone_hash
from places.models import Municipality, Settlement
from requests import names
from requests.models import Resident, ResidentNameKey
from requests.selectors.access import visible_residents

MOST = 8
# Candidates opened and compared; more than this means the typed text says too little.
CANDIDATES = 200
# The longest name that can be registered. Each sign of a word makes one more form to look for, each word a query.
LONGEST = 182


def find(membership: Membership, typed: str) -> list[Resident]:
    """The best matches first, at most eight, with `request_count` on each.

    Empty for fewer than two signs, and for more than a name can have.
    """
    typed = typed.strip()
    if not 2 <= len(typed) <= LONGEST:
        return []
    rows = visible_residents(membership).annotate(request_count=Count("help_requests", distinct=True))
    digits = "".join(char for char in typed if char.isdigit())
    if len(digits) >= 6:
        return _by_phone(rows, typed)
    ids = _candidates(membership, typed)
    scored = [(names.matches(typed, row.full_name), row) for row in rows.filter(pk__in=ids)]
    fitting = [(score, row) for score, row in scored if score]
    fitting.sort(key=lambda pair: (-pair[0], pair[1].full_name))
    return [row for _score, row in fitting[:MOST]]


def _by_phone(rows, typed: str) -> list[Resident]:  # type: ignore[no-untyped-def]
    try:
        hashed = phone_hash(normalise(typed))
    except Invalid:
        return []
    by_phone = rows.filter(Q(contact__phone_hash=hashed) | Q(help_requests__asker_phone_hash=hashed))
    return list(by_phone.distinct()[:MOST])


def _candidates(membership: Membership, typed: str) -> set[UUID]:
    """People who share a key with every typed word."""
    found: set[UUID] | None = None
    for word in names.words(typed):
        keys = [name_key(membership.municipality_id, text) for text in names.keys_to_find(word)]
        rows = ResidentNameKey.objects.filter(municipality_id=membership.municipality_id, key__in=keys)
        ids = set(rows.values_list("resident_id", flat=True)[: CANDIDATES * 10])
        found = ids if found is None else found & ids
    return set(sorted(found or set(), key=str)[:CANDIDATES])


def same_person(municipality: Municipality, *, phone: str, full_name: str, settlement: Settlement) -> Resident | None:
    """The resident of exactly this phone (E.164), village and name, whatever the script or the case."""
    wanted = [names.fold(word) for word in names.words(full_name)]
    rows = Resident.objects.of(municipality).filter(contact__phone_hash=phone_hash(phone), settlement=settlement)
    for row in rows.select_related("contact").order_by("created_at"):
        if [names.fold(word) for word in names.words(row.full_name)] == wanted:
            return row
    return None


KEY_BYTES = 8


def name_key(municipality_code: str, text: str) -> bytes:
    """The keyed hash one form of a name is stored and found under."""
    return keyed_digest(f"name\0{municipality_code}\0{text}")[:KEY_BYTES]
