"""A one-time code on its way to somebody who wants to sign in: first in the queue, and gone when it is of no use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.phones import takes_sms
from notifications.channels import is_open
from notifications.kinds import Kind
from notifications.models import Contact, Message
from notifications.services import outbox
from notifications.states import Channel, MessageClass

SIGN_IN = Kind("sign_in_code", MessageClass.SAFETY)


def send(
    *, contact: Contact, email: str, by_phone: bool, code: str, key: str, language: str, now: datetime,
    expires_at: datetime,
) -> Message | None:  # fmt: skip
    """To the telephone that was typed; by e-mail where no SMS leaves here, or an e-mail was typed.

    `email` is what the person signs in with, or empty. None where no message is written.
    """
    by_sms = by_phone and is_open(Channel.SMS) and takes_sms(contact.phone)
    if not outbox.tells() or not (by_sms or email):
        return None
    with override(language):
        short = _("Код за вход: %(code)s. Важи 10 минути. Не го казвайте на никого.") % {"code": code}
        body = "\n\n".join([
            _("Здравейте,"), _("Ето кода ви за вход в Цифрови доброволци:"), code,
            _("Той важи десет минути. Никой от нас няма да ви го поиска."),
            _("Ако не искате да влезете, изтрийте писмото."),
        ])  # fmt: skip
        subject = _("Код за вход: %(code)s") % {"code": code}
    channel = Channel.SMS if by_sms else Channel.EMAIL
    row = Message(
        municipality_id=contact.municipality_id, contact=contact, channel=channel, key=f"{key}:{channel}",
        kind=SIGN_IN.code, message_class=SIGN_IN.message_class, subject=subject, body=body, short=short,
        recipient=contact.phone if by_sms else email, ready_at=now, due_at=now, expires_at=expires_at,
        # It goes where it was asked for and nowhere else.
        passed_on_at=now,
    )  # fmt: skip
    return next(iter(outbox.write([row], now=now)), None)


def forget(keys: Iterable[str]) -> int:
    """Texts and recipients of codes that no longer open anything; `keys` as they were sent with. Answers how many."""
    rows = [f"{key}:{channel}" for key in keys for channel in (Channel.SMS, Channel.EMAIL)]
    return Message.objects.filter(key__in=rows).update(subject="", body="", short="", recipient="")
