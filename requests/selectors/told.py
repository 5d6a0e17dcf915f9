"""Which request a message tells about, and to whom it goes: the key of a message names its subject."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import Membership
from notifications.models import Message
from requests.models import HelpRequest, Offer, Resident, Visit
from requests.selectors.access import visible_requests
from volunteers.models import Volunteer


def subject_of(message: Message) -> tuple[str, UUID | None]:
    """`visit`, `offer` or `request` and its key, as in „visit:<key>:moved:2“; None where it names none."""
    what, _colon, rest = message.key.partition(":")
    try:
        return what, UUID(rest.partition(":")[0])
    except ValueError:
        return what, None


def requests_told(membership: Membership, messages: Iterable[Message]) -> dict[UUID, HelpRequest | None]:
    """Message → its request; None where that is not for this reader, left out where it tells of none."""
    named = {message.pk: subject_of(message) for message in messages}

    def keys(what: str) -> set[UUID]:
        return {key for kind, key in named.values() if kind == what and key}

    known = {key: key for key in keys("request")}
    for model, what in ((Visit, "visit"), (Offer, "offer")):
        if wanted := keys(what):
            known |= dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "help_request_id"))
    found = visible_requests(membership).select_related("municipality").in_bulk(set(known.values())) if known else {}
    return {pk: found.get(known[key]) for pk, (_what, key) in named.items() if key in known}


def names_told(messages: Iterable[Message]) -> dict[UUID, str]:
    """Contact → the name of who has it."""
    contacts = {message.contact_id for message in messages}
    if not contacts:
        return {}
    people = Resident.objects.filter(contact_id__in=contacts), Volunteer.objects.filter(contact_id__in=contacts)
    return {row.contact_id: row.name for rows in people for row in rows}
