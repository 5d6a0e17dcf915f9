"""A person's rights, by one call: everything we hold about them, and a stop to its use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from notifications.models import Callback, Contact, InboundMessage, Message
from notifications.services import contacts
from requests.models import Agreement, Consent, HelpRequest, Offer, Opening, Resident, Visit
from requests.services import changes
from requests.services.actors import Actor


@transaction.atomic
def restrict(*, resident: Resident, actor: Actor, now: datetime) -> None:
    """Kept and nothing else: requests that live are cancelled, nothing is sent, no new request is taken."""
    if resident.restricted_at is not None:
        return
    for row in HelpRequest.objects.live().filter(resident=resident):
        changes.cancel(help_request=row, actor=actor, now=now)
    Resident.objects.filter(pk=resident.pk).update(restricted_at=now, updated_at=now)
    contacts.stop(resident.contact, now=now)
    resident.refresh_from_db(fields=["restricted_at"])


@transaction.atomic
def lift(*, resident: Resident, now: datetime) -> None:
    """The person wants our help again."""
    Resident.objects.filter(pk=resident.pk).update(restricted_at=None, updated_at=now)
    contacts.start_again(resident.contact)
    resident.refresh_from_db(fields=["restricted_at"])


def everything(resident: Resident) -> dict[str, Any]:
    """All that is held about a person, in words and codes that can be written as JSON."""
    own = list(
        HelpRequest.objects.filter(resident=resident).select_related("service", "help_point").order_by("created_at")
    )
    held: dict[str, Any] = {
        "person": _person(resident),
        "agreements": [_agreement(row) for row in resident.agreements.order_by("given_at")],
        "requests": [_request(row) for row in own],
        "messages": [_message(row) for row in _told(resident)],
        "inbound": [],
        "callbacks": [],
        "openings": list(
            Opening.objects.filter(person_id=resident.pk).order_by("at").values("at", "role", "door")
        ),
    }  # fmt: skip
    hashed = resident.contact.phone_hash
    if hashed:
        came = InboundMessage.objects.filter(sender_hash=hashed, municipality=resident.municipality_id)
        held["inbound"] = [{"at": row.received_at, "text": row.text} for row in came.order_by("received_at")]
        rang = Callback.objects.filter(phone_hash=hashed, municipality=resident.municipality_id).order_by("since")
        held["callbacks"] = [{"at": row.since, "reason": row.reason, "note": row.note} for row in rang]
    return held


def _told(resident: Resident) -> list[Message]:
    mine = [key for key in (resident.contact_id, resident.relative_id) if key]
    return list(Message.objects.filter(contact__in=mine).order_by("created_at"))


def _contact(row: Contact | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"phone": row.phone, "email": row.email, "channels": row.channels, "language": row.language}


def _person(row: Resident) -> dict[str, Any]:
    return {
        "name": row.full_name, "settlement": row.settlement.prefixed_name, "address": row.address_note,
        "needs": row.needs, "contact": _contact(row.contact), "relative": _contact(row.relative),
        "since": row.created_at, "reminded_since": row.remind_since, "restricted_at": row.restricted_at,
    }  # fmt: skip


def _request(row: HelpRequest) -> dict[str, Any]:
    return {
        "number": row.number, "at": row.created_at, "source": row.source, "service": row.service_id, "mode": row.mode,
        "state": row.state, "outcome": row.outcome, "note": row.note, "safe_word": row.safe_word,
        "asked_by": row.asked_by, "asker_name": row.asker_name, "asker_phone": row.asker_phone,
        "free": [f"{free.day or free.weekday} {free.start}-{free.end}" for free in row.free_times.all()],
        "visits": [_visit(visit) for visit in Visit.objects.filter(help_request=row).order_by("start")],
        "asked": Offer.objects.filter(help_request=row).count(),
        "consents": [_consent(one) for one in Consent.objects.filter(help_request=row).order_by("summed_at")],
    }  # fmt: skip


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "answer": row.answer, "way": row.way, "summed_at": row.summed_at, "answered_at": row.answered_at,
        "text_version": row.text_version, "asked": row.asked_words,
    }  # fmt: skip


def _agreement(row: Agreement) -> dict[str, Any]:
    return {
        "kind": row.kind, "label": row.get_kind_display(), "text_version": row.text_version, "words": row.words,
        "way": row.get_way_display(), "given_at": row.given_at, "withdrawn_at": row.withdrawn_at, "name": row.name,
        "phone": row.phone,
    }  # fmt: skip


def _visit(row: Visit) -> dict[str, Any]:
    seats = row.seats.filter(live=True).select_related("volunteer")
    return {
        "start": row.start, "end": row.end, "state": row.state, "outcome": row.outcome, "minutes": row.minutes,
        "note": row.note, "helped": row.helped, "said": row.said, "badges": [seat.volunteer.badge for seat in seats],
    }  # fmt: skip


def _message(row: Message) -> dict[str, Any]:
    return {"at": row.created_at, "channel": row.channel, "kind": row.kind, "text": row.short or row.body,
            "state": row.state}  # fmt: skip
