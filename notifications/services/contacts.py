"""How one person is reached: made and changed here, so that hash and channels always fit the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from core.phones import phone_hash
from notifications.models import Contact
from notifications.states import Channel
from places.models import Municipality


def make_contact(
    *,
    municipality: Municipality,
    phone: str = "",
    email: str = "",
    channels: Sequence[str] | None = None,
    in_app: bool = False,
    language: str = "bg",
) -> Contact:
    """A new contact. `phone` is E.164 or empty.

    Without `channels`: e-mail and telephone, whichever is there. `in_app` for a person who signs in.
    """
    contact = Contact(municipality=municipality, language=language)
    _set_addresses(contact, phone, email)
    chosen = list(channels) if channels is not None else []
    if in_app and Channel.IN_APP not in chosen:
        chosen.insert(0, Channel.IN_APP)
    contact.channels = chosen if channels is not None else fitting(contact, chosen)
    contact.save()
    return contact


def change_contact(
    contact: Contact,
    *,
    phone: str | None = None,
    email: str | None = None,
    channels: Sequence[str] | None = None,
    in_app: bool | None = None,
    language: str | None = None,
) -> Contact:
    """Change what is given and leave the rest (None).

    A channel whose address is gone is dropped, one whose address is new is added at the end.
    """
    had = (bool(contact.email), bool(contact.phone))
    _set_addresses(contact, contact.phone if phone is None else phone, contact.email if email is None else email)
    if channels is not None:
        contact.channels = list(channels)
    elif (bool(contact.email), bool(contact.phone)) != had:
        contact.channels = fitting(contact, contact.channels)
    if in_app is not None:
        rest = [code for code in contact.channels if code != Channel.IN_APP]
        contact.channels = [Channel.IN_APP, *rest] if in_app else rest
    if language is not None:
        contact.language = language
    contact.save()
    return contact


def fitting(contact: Contact, channels: Sequence[str]) -> list[str]:
    """The channels in their order without those that have no address now, then those that were not there."""
    possible = {
        Channel.IN_APP: Channel.IN_APP in channels,
        Channel.EMAIL: bool(contact.email),
        Channel.FILE: bool(contact.phone),
    }
    kept = [Channel(code) for code in channels if possible[Channel(code)]]
    return [*kept, *(code for code, there in possible.items() if there and code not in kept)]


def _set_addresses(contact: Contact, phone: str, email: str) -> None:
    contact.phone = phone
    contact.phone_hash = phone_hash(phone) if phone else ""
    contact.email = email
