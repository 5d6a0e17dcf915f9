"""A volunteer's rights: everything that is held about them, without the names of those they helped."""

from __future__ import annotations

from typing import Any

from notifications.models import Callback, InboundMessage, Message
from requests.models import Offer, Opening, VisitSeat
from volunteers.models import Certification, Volunteer


def everything(volunteer: Volunteer) -> dict[str, Any]:
    """In words and codes that can be written as JSON.

    Of messages only when and what kind: their texts name the people helped. Why somebody is not to meet this volunteer
    stays with the person it protects.
    """
    where, hashed = volunteer.municipality_id, volunteer.contact.phone_hash
    held: dict[str, Any] = {
        "person": _person(volunteer),
        "hours": [f"{row.weekday} {row.start}-{row.end}" for row in volunteer.weekly_hours.all()],
        "exceptions": [f"{row.day} {row.start or ''}-{row.end or ''}" for row in volunteer.exceptions.all()],
        "certifications": [
            {
                "group": row.service_group_id, "name": row.service_group.name, "from": row.valid_from,
                "until": row.valid_until, "revoked": row.revoked_at,
            }
            for row in Certification.objects.filter(volunteer=volunteer)
            .select_related("service_group")
            .order_by("valid_from", "pk")
        ],
        "lessons": list(volunteer.lessons.order_by("pk").values("kind", "service_group", "minutes", "until")),
        "partners": [one.badge for one in volunteer.preferred_partners.order_by("badge")],
        "offers": [_offer(row) for row in Offer.objects.filter(volunteer=volunteer).order_by("made_at")],
        "visits": [_seat(row) for row in _seats(volunteer)],
        "messages": list(
            Message.objects.filter(contact=volunteer.contact_id).order_by("created_at").values(
                "created_at", "kind", "channel", "state"
            )
        ),
        "inbound": [],
        "callbacks": [],
        "openings": list(
            Opening.objects.filter(person_id=volunteer.pk).order_by("at").values("at", "role", "door")
        ),
    }  # fmt: skip
    if hashed:
        came = InboundMessage.objects.filter(sender_hash=hashed, municipality=where).order_by("received_at")
        held["inbound"] = [{"at": row.received_at, "text": row.text} for row in came]
        rang = Callback.objects.filter(phone_hash=hashed, municipality=where).order_by("since")
        held["callbacks"] = [{"at": row.since, "reason": row.reason, "note": row.note} for row in rang]
    return held


def _person(row: Volunteer) -> dict[str, Any]:
    contact = row.contact
    return {
        "name": row.name, "badge": row.badge, "status": row.get_status_display(), "status_since": row.status_since,
        "settlement": row.home.prefixed_name, "phone": contact.phone, "email": contact.email,
        "channels": contact.channels, "language": contact.language,
        "signs_in_with": (row.user.mail or "SMS") if row.user else "",
        "transport": row.get_transport_display(), "languages": row.languages, "weekly_limit": row.weekly_limit,
        "weekly_wish": row.weekly_wish, "daily_offers": row.daily_offers, "longest_leg": row.longest_leg,
        "says_can_help": row.says_can_help, "note": row.note, "since": row.created_at,
    }  # fmt: skip


def _offer(row: Offer) -> dict[str, Any]:
    return {
        "at": row.made_at, "start": row.start, "state": row.get_state_display(), "answered_at": row.answered_at,
        "decline_reason": row.decline_reason, "said_by": row.said_by,
    }  # fmt: skip


def _seats(volunteer: Volunteer) -> list[VisitSeat]:
    rows = VisitSeat.objects.filter(volunteer=volunteer, live=True).select_related("visit")
    return list(rows.order_by("start"))


def _seat(row: VisitSeat) -> dict[str, Any]:
    visit = row.visit
    return {"start": row.start, "end": row.end, "state": visit.get_state_display(), "outcome": visit.outcome,
            "minutes": visit.minutes}  # fmt: skip
