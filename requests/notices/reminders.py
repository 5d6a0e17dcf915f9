"""Reminders of a visit: written when it is arranged, taken back when it is moved or falls through."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.services import outbox
from requests import messages
from requests.models import Visit
from requests.notices.telling import service_of, short_when, tell, to_resident, visitors_of, when, where_of

DAY_BEFORE, SOON_BEFORE = timedelta(days=1), timedelta(hours=2)


def plan(visit: Visit, *, now: datetime) -> None:
    """The reminders of a visit as it stands now; those of its former time are taken back."""
    call_off(visit, now=now)
    # Other people or another time: other reminders.
    people = "-".join(str(pk)[:8] for pk in visit.seats.filter(live=True).values_list("pk", flat=True))
    key = f"visit:{visit.pk}:reminder:{visit.sequence}:{people}"
    names = visitors_of(visit)
    if visit.start - DAY_BEFORE > now:
        to_resident(
            visit, f"{key}:tomorrow", messages.VISIT_TOMORROW, now, due_at=visit.start - DAY_BEFORE, who=names,
            documents=lambda: _documents(visit),
        )  # fmt: skip
        _remind_visitors(visit, key, now)
    if visit.start - SOON_BEFORE > now:
        to_resident(visit, f"{key}:soon", messages.VISIT_SOON, now, due_at=visit.start - SOON_BEFORE, who=names)


def call_off(visit: Visit, *, now: datetime) -> None:
    outbox.call_off(f"visit:{visit.pk}:reminder:", now=now)


def _remind_visitors(visit: Visit, key: str, now: datetime) -> None:
    def facts() -> dict[str, str]:
        about = visit.help_request
        times = {"when": when(visit.start), "short_when": short_when(visit.start)}
        return {**times, "where": where_of(about), "service": service_of(about)}

    for seat in visit.seats.filter(live=True).select_related("volunteer__contact"):
        tell(
            seat.volunteer.contact, f"{key}:{seat.volunteer_id}", messages.VISITOR_TOMORROW, facts, now=now,
            link=reverse("requests:visit", args=[visit.pk]), due_at=visit.start - DAY_BEFORE, early=True,
            expires_at=visit.start,
        )  # fmt: skip


def _documents(visit: Visit) -> str:
    """What to have ready, in the language that is active; empty where the service asks for none."""
    service = visit.help_request.service
    if service is None or not service.documents:
        return ""
    return _("Пригответе: %(documents)s.") % {"documents": ", ".join(service.documents)}
