"""E-mail by SMTP: at least once, always under the same Message-ID, so a second copy is seen as the same."""

from __future__ import annotations

import smtplib
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError

from notifications.channels.attachments import Attachment
from notifications.channels.errors import CannotSend
from notifications.channels.parcel import Parcel, Receipt


class Email:
    provider = "smtp"
    is_repeatable = True
    reports = False

    def carry(self, parcel: Parcel) -> Receipt:
        try:
            letter(parcel).send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            final = bool(codes) and all(code >= 500 for code in codes)
            code = min(codes, default=0)
            raise CannotSend(f"SMTPRecipientsRefused {code}", final=final, provider_ok=True) from error
        except smtplib.SMTPResponseException as error:
            raise CannotSend(f"{type(error).__name__} {error.smtp_code}") from error
        except (BadHeaderError, UnicodeError, ValueError) as error:
            raise CannotSend(type(error).__name__, final=True, provider_ok=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise CannotSend(type(error).__name__) from error
        return Receipt(reference=message_id(parcel))


def message_id(parcel: Parcel) -> str:
    """The same for every attempt: made of the message's key and the host of this site."""
    return f"<{parcel.id}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def letter(parcel: Parcel) -> EmailMessage:
    body = f"{parcel.text}\n\n{parcel.link}" if parcel.link else parcel.text
    headers = {"Message-ID": message_id(parcel), "Auto-Submitted": "auto-generated"}
    if parcel.stop:
        # RFC 8058: the reader's mail program may stop it with one POST.
        headers |= {"List-Unsubscribe": f"<{parcel.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    whole = EmailMessage(subject=parcel.subject, body=f"{body}\n", to=[parcel.recipient], headers=headers)
    for attachment in parcel.attachments:
        whole.attach(_part(attachment))
    return whole


def _part(attachment: Attachment) -> MIMEBase:
    said = Message()
    said["Content-Type"] = attachment.content_type
    part = MIMEText(attachment.text, said.get_content_subtype(), "utf-8")
    for name, value in said.get_params([])[1:]:
        part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=attachment.name)
    return part
