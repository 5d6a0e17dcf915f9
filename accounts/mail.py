"""The letters accounts writes itself: the invitation, the link to a new password. Never inside a transaction."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, User

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


def send_new_password(user: User, *, asked: UUID) -> bool:
    """Whether the mail server took the letter. Its link works once, and not after the password has changed.

    `asked` is the knock it answers: a worker that died with the letter in hand sends the same letter again.
    """
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    words = {"password_reset_url": settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)}
    message = EmailMessage(
        subject=render_to_string("account/email/password_reset_key_subject.txt", words).strip(),
        body=render_to_string("account/email/password_reset_key_message.txt", words),
        to=[user.email],
        connection=get_connection(timeout=TIMEOUT_SECONDS),
        headers={"Message-ID": f"<new-password-{asked}@digital-volunteers>"},
    )
    try:
        return message.send() == 1
    except (OSError, SMTPException) as error:
        logger.warning("a letter for a new password did not go out: %s", type(error).__name__)
        return False
