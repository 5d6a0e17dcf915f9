"""The one letter accounts writes itself: the invitation. Sent after the commit, never inside a transaction."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from accounts.models import Invitation

logger = logging.getLogger(__name__)
TIMEOUT_SECONDS = 5


def send_invitation(invitation: Invitation, url: str) -> bool:
    """Whether the letter went out. A failure is no accident: the link also stands on the page."""
    words = {"invitation": invitation, "url": url}
    message = EmailMessage(
        subject=render_to_string("accounts/email/invitation_subject.txt", words).strip(),
        body=render_to_string("accounts/email/invitation_message.txt", words),
        to=[invitation.email],
        connection=get_connection(timeout=TIMEOUT_SECONDS),
        # Sent twice, it is the same letter.
        headers={"Message-ID": f"<invitation-{invitation.pk}@digital-volunteers>"},
    )
    try:
        return message.send() == 1
    except (OSError, SMTPException) as error:
        logger.warning("the letter of invitation %s did not go out: %s", invitation.pk, type(error).__name__)
        return False
