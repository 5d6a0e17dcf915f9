"""E-mail by SMTP: at least once, always under the same Message-ID, so a second copy is seen as the same."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError

from notifications.channels.errors import CannotSend
from notifications.models import Contact, Message


class Email:
    def address(self, contact: Contact) -> str:
        return str(contact.email)

    def carry(self, message: Message) -> None:
        try:
            letter(message).send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            final = bool(codes) and all(code >= 500 for code in codes)
            raise CannotSend(f"SMTPRecipientsRefused {min(codes, default=0)}", final=final) from error
        except smtplib.SMTPResponseException as error:
            raise CannotSend(f"{type(error).__name__} {error.smtp_code}") from error
        except (BadHeaderError, UnicodeError, ValueError) as error:
            raise CannotSend(type(error).__name__, final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise CannotSend(type(error).__name__) from error


def message_id(message: Message) -> str:
    """The same for every attempt: made of the message's key and the host of this site."""
    return f"<{message.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def letter(message: Message) -> EmailMessage:
    body = message.body
    if message.link:
        body += f"\n\n{settings.SITE_URL}{message.link}"
    return EmailMessage(
        subject=message.subject,
        body=f"{body}\n",
        to=[message.recipient],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
