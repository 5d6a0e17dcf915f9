"""Four digits that name one question among those a telephone was asked."""

from __future__ import annotations

import secrets
from datetime import datetime

from notifications.models import Contact, Message


def new(contact: Contact, *, now: datetime) -> str:
    """A code no open question to this telephone has."""
    asked = Message.objects.filter(contact__phone_hash=contact.phone_hash).exclude(expires_at__lte=now)
    taken = set(asked.exclude(reply_code="").values_list("reply_code", flat=True)[:1000])
    while (code := f"{1000 + secrets.randbelow(9000)}") in taken:
        pass
    return code
