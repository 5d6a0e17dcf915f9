"""The ways a message leaves, behind one protocol. In-app needs none: the row itself is what is read."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from core.phones import takes_sms
from notifications.channels.email import Email
from notifications.channels.errors import CannotSend, MayHaveBeenSent
from notifications.channels.file import File
from notifications.channels.json_gateway import JsonGateway
from notifications.channels.kannel import Kannel
from notifications.channels.parcel import Parcel, Receipt, pack
from notifications.channels.push import Push
from notifications.models import Contact
from notifications.push import vapid
from notifications.states import BY_HAND, Channel

__all__ = [
    "CARRIERS",
    "CannotSend",
    "Carrier",
    "MayHaveBeenSent",
    "Parcel",
    "Receipt",
    "address",
    "carrier",
    "is_open",
    "pack",
]


class Carrier(Protocol):
    """Takes a parcel out of the house. Called outside any transaction, in a thread, without the database."""

    provider: str
    # Carried twice it arrives once: then a dead sender's message is simply sent again.
    is_repeatable: bool
    # Tells later whether it arrived.
    reports: bool

    def carry(self, parcel: Parcel) -> Receipt:
        """Hand the parcel over. Raises CannotSend, or MayHaveBeenSent where nobody can know."""


CARRIERS: dict[str, Carrier] = {Channel.EMAIL: Email()}
_FILE, _KANNEL, _GATEWAY, _PUSH = File(), Kannel(), JsonGateway(), Push()


def carrier(channel: str) -> Carrier | None:
    """Who carries for this channel; None where none is set up. In the demonstration everything becomes a file."""
    if settings.MESSAGE_CHANNELS_ALL_TO_FILE:
        return _FILE
    if channel == Channel.SMS and channel not in CARRIERS:
        return _for_telephones()
    if channel == Channel.PUSH and channel not in CARRIERS:
        return _PUSH if vapid.own_key() else None
    return CARRIERS.get(channel)


def _for_telephones() -> Carrier | None:
    if settings.KANNEL_URL:
        return _KANNEL
    if settings.SMS_GATEWAY:
        return _GATEWAY
    return _FILE if settings.SMS_TO_FILES else None


def is_open(channel: str) -> bool:
    """Whether a message can take this way at all."""
    return channel in (Channel.IN_APP, *BY_HAND) or carrier(channel) is not None


def address(contact: Contact, channel: str) -> str:
    """Where this contact is reached by a channel; empty when not this way."""
    if channel == Channel.SMS:
        return str(contact.phone) if takes_sms(contact.phone) else ""
    if channel == Channel.VOICE:
        return str(contact.phone)
    if channel == Channel.EMAIL:
        return str(contact.email)
    if channel == Channel.PUSH:
        return "here" if contact.pk and contact.push_subscriptions.exists() else ""
    return "here" if channel == Channel.PAPER else ""
