"""The ways a message leaves, behind one protocol. In-app needs none: the row itself is what is read."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from notifications.channels.email import Email
from notifications.channels.errors import CannotSend
from notifications.channels.file import File
from notifications.models import Contact, Message
from notifications.states import Channel

__all__ = ["CARRIERS", "CannotSend", "Carrier", "address", "carrier"]


class Carrier(Protocol):
    """Takes a message out of the house. Called outside any transaction; may be called twice for a message."""

    def address(self, contact: Contact) -> str:
        """Where this contact is reached; empty when not this way."""

    def carry(self, message: Message) -> None:
        """Hand the message over. Raises CannotSend."""


CARRIERS: dict[str, Carrier] = {Channel.EMAIL: Email(), Channel.FILE: File()}


def carrier(channel: str) -> Carrier:
    """Who carries for this channel. In the demonstration everything becomes a file."""
    return CARRIERS[Channel.FILE if settings.MESSAGE_CHANNELS_ALL_TO_FILE else channel]


def address(contact: Contact, channel: str) -> str:
    return CARRIERS[channel].address(contact)
