"""What a carrier takes: everything it needs, read before, so that it never asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from notifications import stop_links
from notifications.channels.attachments import Attachment, enclosed
from notifications.models import Contact, Message
from notifications.sms.segments import size
from notifications.sms.writing import sms_text
from notifications.states import Channel, MessageClass


@dataclass(frozen=True, slots=True)
class Device:
    """A browser a push may be sent to, as the person gave it to us; keys in base64url."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """`text` is what this channel says; `link` a whole address or empty; `devices` where a push goes."""

    id: UUID
    channel: str
    recipient: str
    subject: str
    text: str
    link: str
    kind: str
    language: str
    attachments: tuple[Attachment, ...] = ()
    # Where the reader can stop this way, a whole address; only a letter has room for it.
    stop: str = ""
    message_class: str = MessageClass.ORDINARY
    expires_at: datetime | None = None
    devices: tuple[Device, ...] = ()

    @property
    def segments(self) -> int:
        return size(self.text).segments if self.channel == Channel.SMS else 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider said when it took the parcel: its reference, price and what is left, where it tells.

    `gone`: browsers that are no more, though another took it.
    """

    reference: str = ""
    cost: Decimal | None = None
    credits: Decimal | None = None
    gone: tuple[UUID, ...] = ()


def text_for(contact: Contact, channel: str, body: str, short: str) -> str:
    """The words of a channel: an SMS has its own, in the letters the person chose."""
    return sms_text(short or body, in_latin=contact.latin) if channel == Channel.SMS else body


def pack(message: Message) -> Parcel:
    """A claimed message, ready to be carried. Reads its contact."""
    contact = message.contact
    return Parcel(
        id=message.pk,
        channel=message.channel,
        recipient=message.recipient,
        subject=message.subject,
        text=text_for(contact, message.channel, message.body, message.short),
        link=settings.SITE_URL + message.link if message.link else "",
        kind=message.kind,
        language=contact.language,
        attachments=enclosed(message),
        stop=stop_links.address(contact, message.channel) if message.channel == Channel.EMAIL else "",
        message_class=message.message_class,
        expires_at=message.expires_at,
        devices=_devices(contact) if message.channel == Channel.PUSH else (),
    )


def _devices(contact: Contact) -> tuple[Device, ...]:
    rows = contact.push_subscriptions.order_by("created_at")
    return tuple(Device(row.pk, str(row.endpoint), str(row.p256dh), str(row.auth)) for row in rows)
