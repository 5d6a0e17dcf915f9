"""The link that stops one way of one person: signed, so that nobody stops somebody else's; it opens nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from notifications.models import Contact
from notifications.states import CARRIED, Channel

PATH = "/saobshteniya/stop/"
SALT = "notifications.stop"
GOOD_FOR = timedelta(days=400)


def address(contact: Contact, channel: str) -> str:
    """The whole address, in the person's language. A letter may be read after a year, so it is good for longer."""
    prefix = "/en" if contact.language == "en" else ""
    return f"{settings.SITE_URL}{prefix}{PATH}?t={token(contact, channel)}"


def token(contact: Contact, channel: str) -> str:
    return signing.TimestampSigner(salt=SALT).sign(f"{contact.pk.hex}.{channel}")


def read(token: str) -> tuple[Contact, Channel] | None:
    """Whose way it is; None where nobody signed this, it is too old, or the person is gone."""
    try:
        key, _dot, channel = signing.TimestampSigner(salt=SALT).unsign(token, max_age=GOOD_FOR).partition(".")
        contact = Contact.objects.select_related("municipality").filter(pk=UUID(key)).first()
    except (signing.BadSignature, ValueError):
        return None
    return (contact, Channel(channel)) if contact is not None and channel in CARRIED else None
