"""What both sides of the door are told about a visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.kinds import Template
from notifications.services import reply_codes
from requests import messages
from requests.models import Visit
from requests.notices import events, reminders
from requests.notices.telling import ahead, call_us, short_when, tell, to_resident, visitors_of, when, where_of

ON_MY_WAY_WITHIN, THANKS_WITHIN = timedelta(hours=1), timedelta(days=3)


def visit_scheduled(visit: Visit, *, now: datetime) -> None:
    people = "-".join(str(seat.pk) for seat in visit.seats.filter(live=True))
    to_resident(
        visit, f"visit:{visit.pk}:scheduled:{people}", messages.VISIT_SCHEDULED, now, asks=True, who=visitors_of(visit)
    )
    reminders.plan(visit, now=now)


def visit_moved(visit: Visit, *, now: datetime) -> None:
    events.of_move(visit, now=now)
    key = f"visit:{visit.pk}:moved:{visit.sequence}"
    to_resident(visit, key, messages.VISIT_MOVED, now, asks=True)

    def facts() -> dict[str, str]:
        where = where_of(visit.help_request)
        return {"where": where, "when": when(visit.start), "short_when": short_when(visit.start)}

    for seat in visit.seats.filter(live=True).select_related("volunteer__contact"):
        tell(
            seat.volunteer.contact, f"{key}:{seat.volunteer_id}", messages.VISITOR_MOVED, facts, now=now,
            link=reverse("requests:visit", args=[visit.pk]), expires_at=ahead(visit.start, now),
        )  # fmt: skip
    reminders.plan(visit, now=now)


def visit_lost_its_visitor(visit: Visit, *, now: datetime) -> None:
    to_resident(visit, f"visit:{visit.pk}:lost:{visit.state}", messages.VISIT_LOST, now)


def visit_lost_one(visit: Visit, seat: int, *, now: datetime) -> None:
    """Of two visitors one cannot come; another is sought for the same hour. `seat`: the key of the seat left."""
    to_resident(visit, f"visit:{visit.pk}:lost_one:{seat}", messages.VISIT_LOST_ONE, now)


def visit_called_off(visit: Visit, *, now: datetime) -> None:
    to_resident(visit, f"visit:{visit.pk}:called_off", messages.VISIT_CALLED_OFF, now)


def visit_done(visit: Visit, *, now: datetime) -> None:
    code = reply_codes.new(visit.help_request.resident.contact, now=now)
    to_resident(
        visit, f"visit:{visit.pk}:done", messages.VISIT_DONE, now, expires_at=now + THANKS_WITHIN, asks=True,
        reply_code=code, reply=lambda: _("Отговорете ДА %(code)s или НЕ %(code)s.") % {"code": code},
    )  # fmt: skip
    _to_relative(visit, f"visit:{visit.pk}:relative:ended", messages.RELATIVE_ENDED, now)


def on_my_way(visit: Visit, *, minutes: int, now: datetime) -> None:
    """One of the visitors sets out."""
    until = max(visit.start, now) + ON_MY_WAY_WITHIN
    to_resident(
        visit, f"visit:{visit.pk}:on_my_way:{visit.sequence}", messages.ON_MY_WAY, now, expires_at=until,
        who=visitors_of(visit), minutes=lambda: _way(minutes),
    )  # fmt: skip


def _way(minutes: int) -> str:
    """Empty where the way is not known."""
    return _("Път: около %(minutes)s минути.") % {"minutes": minutes} if minutes else ""


def visit_began(visit: Visit, *, now: datetime) -> None:
    _to_relative(visit, f"visit:{visit.pk}:relative:began", messages.RELATIVE_BEGAN, now)


def _to_relative(visit: Visit, key: str, template: Template, now: datetime) -> None:
    """That it began and ended, and nothing of what it was about: only where the person wishes it."""
    resident = visit.help_request.resident
    if resident.relative is None:
        return

    def facts() -> dict[str, str]:
        return {
            "name": resident.first_name, "when": when(now), "short_when": short_when(now),
            "phone": call_us(visit.help_request),
        }  # fmt: skip

    tell(resident.relative, key, template, facts, now=now, expires_at=now + ON_MY_WAY_WITHIN)
