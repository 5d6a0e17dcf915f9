"""Consent in two steps by SMS: what is kept, then the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.kinds import Template
from notifications.models import Message
from notifications.services import outbox, wordings
from notifications.states import Channel
from requests import messages
from requests.models import Consent
from requests.notices.telling import call_us, service_of, where_of


def key_of(consent: Consent) -> str:
    return f"consent:{consent.pk}"


def sum_up(consent: Consent, *, now: datetime) -> list[Message]:
    about = consent.help_request

    def facts() -> dict[str, str]:
        return {
            "number": str(about.number), "service": service_of(about), "where": where_of(about),
            "phone": call_us(about),
        }  # fmt: skip

    return _by_sms(consent, "sum", messages.CONSENT_SUM, facts, now)


def ask(consent: Consent, *, code: str, expires_at: datetime, now: datetime) -> list[Message]:
    def facts() -> dict[str, str]:
        reply = _("Отговорете ДА %(code)s или НЕ %(code)s.") % {"code": code}
        return {"number": str(consent.help_request.number), "reply": reply}

    return _by_sms(consent, "ask", messages.CONSENT_ASK, facts, now, reply_code=code, expires_at=expires_at)


def _by_sms(
    consent: Consent, step: str, template: Template, facts: Callable[[], Mapping[str, str]], now: datetime,
    *, reply_code: str = "", expires_at: datetime | None = None,
) -> list[Message]:  # fmt: skip
    contact = consent.help_request.resident.contact
    with override(contact.language):
        text = wordings.write(template, contact, facts(), now=now)
    return outbox.enqueue(
        contact=contact, key=f"{key_of(consent)}:{step}", kind=template.kind, text=text, now=now,
        channels=[Channel.SMS], asks=bool(reply_code), reply_code=reply_code, expires_at=expires_at,
    )  # fmt: skip
