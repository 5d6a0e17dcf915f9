"""What a volunteer is told about their own standing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.phones import display
from core.templatetags.dv import day_clock
from notifications.services import outbox, wordings
from notifications.states import Channel
from volunteers import messages
from volunteers.models import Volunteer


def application_received(*, volunteer: Volunteer, now: datetime) -> None:
    """Once for each application: who comes back after leaving is told again."""
    template = messages.APPLICATION_RECEIVED
    with override(volunteer.contact.language):
        text = wordings.write(template, volunteer.contact, {}, now=now)
    key = f"volunteer:{volunteer.pk}:applied:{volunteer.status_since:%Y%m%d%H%M%S}"
    outbox.enqueue(contact=volunteer.contact, key=key, kind=template.kind, text=text, now=now)


def approved(*, volunteer: Volunteer, now: datetime) -> None:
    """Welcome, the badge number, and the way in for those who have one."""
    template = messages.APPROVED if volunteer.user_id else messages.APPROVED_BY_PHONE
    with override(volunteer.contact.language):
        text = wordings.write(template, volunteer.contact, {"badge": str(volunteer.badge)}, now=now)
        link = reverse("volunteers:me") if volunteer.user_id else ""
    key = f"volunteer:{volunteer.pk}:approved:{volunteer.status_since:%Y%m%d%H%M%S}"
    outbox.enqueue(contact=volunteer.contact, key=key, kind=template.kind, text=text, link=link, now=now)


def signed_in(*, volunteer: Volunteer, device: str, now: datetime) -> None:
    """By a letter or on the telephones that were signed in before; an SMS would only reach whoever read the code."""
    template, phone = messages.SIGNED_IN, volunteer.municipality.phone
    with override(volunteer.contact.language):
        facts = {
            "when": day_clock(now),
            "device": device or _("непознато устройство"),
            "phone": _("Въпрос? Звъннете: %(phone)s.") % {"phone": display(phone)} if phone else "",
        }
        text = wordings.write(template, volunteer.contact, facts, now=now)
    outbox.enqueue(
        contact=volunteer.contact, key=f"volunteer:{volunteer.pk}:signed_in:{now:%Y%m%d%H%M%S}", kind=template.kind,
        text=text, link=reverse("accounts:devices"), channels=(Channel.IN_APP, Channel.PUSH, Channel.EMAIL), now=now,
    )  # fmt: skip
