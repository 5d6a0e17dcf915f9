"""How anything is told: in the person's language, under a key that names the event, with the facts it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core.clock import local
from core.phones import display
from core.templatetags.dv import clock, long_date
from notifications.kinds import Template
from notifications.models import Contact
from notifications.services import outbox, wordings
from requests.models import HelpRequest, Visit, VisitSeat

WEEKDAYS = {"bg": ("пн", "вт", "ср", "чт", "пт", "сб", "нд"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def tell(
    contact: Contact, key: str, template: Template, facts: Callable[[], Mapping[str, str]], *, now: datetime,
    link: str = "", due_at: datetime | None = None, early: bool = False, expires_at: datetime | None = None,
    asks: bool = False, reply_code: str = "",
) -> None:  # fmt: skip
    if not outbox.tells():
        return
    with override(contact.language):
        text = wordings.write(template, contact, facts(), now=now)
    outbox.enqueue(
        contact=contact, key=key, kind=template.kind, text=text, now=now, link=link, due_at=due_at, early=early,
        expires_at=expires_at, asks=asks, reply_code=reply_code,
    )  # fmt: skip


def service_of(help_request: HelpRequest) -> str:
    return help_request.service.name if help_request.service else _("помощ с електронна услуга")


def where_of(help_request: HelpRequest) -> str:
    """The village only."""
    place = help_request.help_point.settlement if help_request.help_point else help_request.resident.settlement
    return place.prefixed_name


def when(moment: datetime) -> str:
    return f"{long_date(moment)}, {clock(moment)}"


def short_when(moment: datetime) -> str:
    """„чт 15.10 в 10:30“ / “Thu 15.10 at 10:30”, for an SMS."""
    here = local(moment)
    language = "bg" if get_language() == "bg" else "en"
    at = "в" if language == "bg" else "at"
    return f"{WEEKDAYS[language][here.weekday()]} {here.day}.{here.month:02} {at} {here.hour}:{here.minute:02}"


def call_us(help_request: HelpRequest) -> str:
    phone = help_request.municipality.phone
    return _("Въпрос? Звъннете: %(phone)s.") % {"phone": display(phone)} if phone else ""


def ahead(moment: datetime | None, now: datetime) -> datetime | None:
    """A time after which it need not be told; none where that has passed and it is told all the same."""
    return moment if moment is not None and moment > now else None


def to_resident(
    visit: Visit, key: str, template: Template, now: datetime, *, due_at: datetime | None = None,
    asks: bool = False, reply_code: str = "", expires_at: datetime | None = None, **more: str | Callable[[], str],
) -> None:  # fmt: skip
    """Tell the person visited. `more` are facts beside the visit's own; a callable is asked in their language."""

    def facts() -> dict[str, str]:
        known = {"when": when(visit.start), "short_when": short_when(visit.start), "phone": call_us(visit.help_request)}
        return {**known, **{name: fact() if callable(fact) else fact for name, fact in more.items()}}

    tell(
        visit.help_request.resident.contact, key, template, facts, now=now, link=reverse("requests:track"),
        due_at=due_at, early=due_at is not None, expires_at=ahead(expires_at or visit.start, now), asks=asks,
        reply_code=reply_code,
    )  # fmt: skip


def visitors_of(visit: Visit) -> str:
    rows: list[VisitSeat] = list(visit.seats.filter(live=True).select_related("volunteer"))
    return ", ".join(f"{seat.volunteer.name} (№ {seat.volunteer.badge})" for seat in rows)
