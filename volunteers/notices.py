"""What a volunteer is told about their own standing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.services import outbox
from volunteers.models import Volunteer


def application_received(*, volunteer: Volunteer, now: datetime) -> None:
    """Once for each application: who comes back after leaving is told again."""
    with override(volunteer.contact.language):
        outbox.enqueue(
            contact=volunteer.contact,
            key=f"volunteer:{volunteer.pk}:applied:{volunteer.status_since:%Y%m%d%H%M%S}",
            kind="application_received",
            subject=_("Вашето желание да помагате е при нас"),
            body=_("Благодарим ви. До три дни ще ви се обади координатор."),
            now=now,
        )


def approved(*, volunteer: Volunteer, now: datetime) -> None:
    """Welcome, the badge number, and the way in for those who have one."""
    with override(volunteer.contact.language):
        badge = _("Значката ви е № %(badge)s.") % {"badge": volunteer.badge}
        way = (
            _("Влезте с имейла си: ще получите код за еднократен вход. После кажете кога сте на разположение.")
            if volunteer.user_id
            else _("Координаторът ще ви звъни за всяко посещение.")
        )
        outbox.enqueue(
            contact=volunteer.contact,
            key=f"volunteer:{volunteer.pk}:approved:{volunteer.status_since:%Y%m%d%H%M%S}",
            kind="volunteer_approved",
            subject=_("Добре дошли сред доброволците"),
            body=f"{badge} {way}",
            link=reverse("volunteers:me") if volunteer.user_id else "",
            now=now,
        )
