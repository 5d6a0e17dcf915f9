"""What is asked for, and whether it makes sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from catalogue.models import Service
from catalogue.selectors import next_deadline
from core.clock import local_date
from core.errors import Invalid
from core.validators import no_secrets
from places.models import HelpPoint, Settlement
from requests.models import Event, HelpRequest, Resident
from requests.states import AskedBy, Mode, Urgency, UrgencyReason

MOST_MINUTES = 600


@dataclass(frozen=True)
class Free:
    """When the person is free: a weekday (0 = Monday) or a date, local hours."""

    start: time
    end: time
    weekday: int | None = None
    day: date | None = None


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `service` None means „не знам коя“."""

    service: Service | None
    mode: str = Mode.HOME_VISIT
    help_point: HelpPoint | None = None
    escort_to: Settlement | None = None
    minutes: int | None = None
    free: Sequence[Free] = field(default_factory=tuple)
    urgency: str = Urgency.IN_TIME
    urgency_reason: str = ""
    deadline: date | None = None
    not_before: date | None = None
    follows: HelpRequest | None = None
    event: Event | None = None
    language: str = "bg"
    note: str = ""
    safe_word: str = ""
    asked_by: str = AskedBy.SELF
    asker_name: str = ""
    asker_phone: str = ""


def deadline_of(wanted: Wanted, today: date) -> date | None:
    """The earliest of what the person named, what the urgency means, and the end of the service's season."""
    named = [wanted.deadline]
    if wanted.urgency == Urgency.TODAY:
        named.append(today)
    elif wanted.urgency == Urgency.THREE_DAYS:
        named.append(today + timedelta(days=3))
    if wanted.service is not None:
        named.append(next_deadline(wanted.service, today))
    return min((day for day in named if day is not None), default=None)


def check(resident: Resident, wanted: Wanted, now: datetime) -> None:
    """Raises Invalid, or ValidationError where a text holds a forbidden number."""
    for text in (wanted.note, wanted.safe_word, wanted.asker_name):
        no_secrets(text)
    for value, known, code in (
        (wanted.mode, Mode.values, "mode"),
        (wanted.urgency, Urgency.values, "urgency"),
        (wanted.asked_by, AskedBy.values, "asked_by"),
        (wanted.urgency_reason, ["", *UrgencyReason.values], "urgency_reason"),
    ):
        if value not in known:
            raise Invalid(_("Изберете от списъка."), code=code, field=code)
    if wanted.urgency == Urgency.TODAY and not wanted.urgency_reason:
        raise Invalid(_("Изберете защо е спешно."), code="urgency_reason", field="urgency_reason")
    if wanted.mode == Mode.HELP_POINT and wanted.help_point is None:
        raise Invalid(_("Изберете пункт."), code="help_point", field="help_point")
    if wanted.mode == Mode.ESCORT and wanted.escort_to is None:
        raise Invalid(_("Изберете докъде ще придружим човека."), code="escort_to", field="escort_to")
    _check_belongs(resident, wanted)
    _check_minutes(wanted.minutes)
    _check_days(wanted.deadline, wanted.not_before, now)


def check_standing(help_request: HelpRequest, changed: set[str], now: datetime) -> None:
    """Whether a request that was corrected still makes sense; only what was changed is judged. Raises Invalid."""
    for name, known in (("urgency", Urgency.values), ("urgency_reason", ["", *UrgencyReason.values])):
        if name in changed and getattr(help_request, name) not in known:
            raise Invalid(_("Изберете от списъка."), code=name, field=name)
    point = help_request.help_point
    if help_request.mode == Mode.HELP_POINT and point is None:
        raise Invalid(_("Изберете пункт."), code="help_point", field="help_point")
    if point is not None and point.municipality_id != help_request.municipality_id:
        raise Invalid(_("Изберете от вашата община."), code="other_municipality", field="help_point")
    if "minutes" in changed:
        _check_minutes(help_request.minutes)
    if changed & {"deadline", "not_before"}:
        _check_days(help_request.deadline, help_request.not_before, now)


def _check_minutes(minutes: int | None) -> None:
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(_("Напишете минутите с число от 1 до 600."), code="minutes", field="minutes")


def _check_days(deadline: date | None, not_before: date | None, now: datetime) -> None:
    if deadline is not None and deadline < local_date(now):
        raise Invalid(_("Срокът е минал. Изберете днес или по-късен ден."), code="deadline", field="deadline")
    if not_before and deadline and not_before > deadline:
        raise Invalid(_("„Не по-рано от“ е след срока. Сменете едното."), code="not_before", field="not_before")


def _check_belongs(resident: Resident, wanted: Wanted) -> None:
    rooms = [
        (wanted.help_point, "help_point"),
        (wanted.follows, "follows"),
        (wanted.escort_to, "escort_to"),
        (wanted.event, "event"),
    ]
    for row, code in rooms:
        if row is not None and row.municipality_id != resident.municipality_id:
            raise Invalid(_("Изберете от вашата община."), code="other_municipality", field=code)
