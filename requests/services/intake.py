"""A request is taken: by a clerk (OPEN at once) or from the web (UNVERIFIED until a person was phoned)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Service
from catalogue.selectors import next_deadline
from core.clock import local_date
from core.errors import Invalid
from core.phones import normalise, phone_hash
from core.validators import no_secrets
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.models import HelpPoint, Municipality, Settlement
from places.selectors import rules_of
from requests import notices
from requests.models import Event, FreeTime, HelpRequest, Resident
from requests.services import lifecycle, locks, steps
from requests.services.actors import RESIDENT, Actor
from requests.states import (
    AskedBy,
    Mode,
    NextStep,
    RequestState,
    Source,
    Urgency,
    UrgencyReason,
    VisitState,
)
from requests.tracking import tracking_hash

# Where the service is not known, an hour is long enough to find out which it is.
UNKNOWN_SERVICE_MINUTES = 60
TRACKING_DIGITS = 8


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


@transaction.atomic
def take(
    *, resident: Resident, wanted: Wanted, source: str, taken_by: User | None, actor: Actor, now: datetime
) -> HelpRequest:
    """A clerk takes a request: it is OPEN at once. Raises Invalid, ValidationError."""
    help_request = _make(resident, wanted, source, taken_by, now)
    step, step_at = steps.when_open(help_request, now)
    help_request.state, help_request.opened_at = RequestState.OPEN, now
    _save(help_request, wanted, step, step_at, actor, now)
    notices.request_received(help_request, now=now)
    return help_request


@transaction.atomic
def submit_from_web(*, resident: Resident, wanted: Wanted, now: datetime) -> HelpRequest:
    """From the public pages: UNVERIFIED, and the desk is told to phone. Raises Invalid, ValidationError."""
    help_request = _make(resident, wanted, Source.WEB, None, now)
    help_request.state = RequestState.UNVERIFIED
    _save(help_request, wanted, NextStep.PHONE_PERSON, now + steps.PHONE_WITHIN, RESIDENT, now)
    desk_tasks.ask(
        municipality=help_request.municipality, kind=TaskKind.VERIFY_WEB, subject_type="help_request",
        subject_id=help_request.pk, due_at=now + steps.PHONE_WITHIN, now=now,
    )  # fmt: skip
    notices.request_received(help_request, now=now)
    return help_request


@transaction.atomic
def verify(*, help_request: HelpRequest, actor: Actor, now: datetime) -> HelpRequest:
    """A person was reached by phone and it is true: the search begins. Verifying twice changes nothing."""
    locked = locks.help_requests([help_request.pk])[help_request.pk]
    if locked.state != RequestState.UNVERIFIED:
        return locked
    step, step_at = steps.when_open(locked, now)
    lifecycle.move_request(
        locked,
        RequestState.OPEN,
        actor=actor,
        now=now,
        verb="verified",
        step=step,
        step_at=step_at,
        opened_at=now,
    )
    desk_tasks.finish_about(
        subject_type="help_request", subject_id=locked.pk, kinds=[TaskKind.VERIFY_WEB], result="verified",
        now=now, by=actor.user,
    )  # fmt: skip
    return locked


def needs_two(resident: Resident, mode: str) -> bool:
    """The first visit to a home is made by two, where the municipality keeps this rule (the default)."""
    if mode not in (Mode.HOME_VISIT, Mode.ESCORT) or not rules_of(resident.municipality).first_visit_by_two:
        return False
    been = HelpRequest.objects.filter(
        resident=resident, mode__in=[Mode.HOME_VISIT, Mode.ESCORT], visits__state=VisitState.DONE
    )
    return not been.exists()


def probable_duplicate(resident: Resident, service: Service | None) -> HelpRequest | None:
    """A live request of the same person for the same service, the newest first."""
    return HelpRequest.objects.live().filter(resident=resident, service=service).order_by("-created_at").first()


def _make(resident: Resident, wanted: Wanted, source: str, taken_by: User | None, now: datetime) -> HelpRequest:
    _check(resident, wanted, now)
    code = "".join(secrets.choice("0123456789") for _digit in range(TRACKING_DIGITS))
    asker_phone = normalise(wanted.asker_phone) if wanted.asker_phone else ""
    service = wanted.service
    return HelpRequest(
        municipality=resident.municipality,
        number=_next_number(resident.municipality),
        resident=resident,
        source=source,
        taken_by=taken_by,
        asked_by=wanted.asked_by,
        asker_name=wanted.asker_name.strip(),
        asker_phone=asker_phone,
        asker_phone_hash=phone_hash(asker_phone) if asker_phone else "",
        service=service,
        mode=wanted.mode,
        help_point=wanted.help_point,
        escort_to=wanted.escort_to,
        minutes=wanted.minutes or (service.typical_minutes if service else UNKNOWN_SERVICE_MINUTES),
        language=wanted.language,
        team=2 if needs_two(resident, wanted.mode) else 1,
        urgency=wanted.urgency,
        urgency_reason=wanted.urgency_reason,
        deadline=deadline_of(wanted, local_date(now)),
        not_before=wanted.not_before,
        follows=wanted.follows,
        event=wanted.event,
        note=wanted.note.strip(),
        safe_word=wanted.safe_word.strip(),
        tracking_code=code,
        tracking_hash=tracking_hash(code),
    )


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


def _check(resident: Resident, wanted: Wanted, now: datetime) -> None:
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
    if wanted.deadline is not None and wanted.deadline < local_date(now):
        raise Invalid(_("Срокът е минал. Изберете днес или по-късен ден."), code="deadline", field="deadline")
    if wanted.not_before and wanted.deadline and wanted.not_before > wanted.deadline:
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


def _next_number(municipality: Municipality) -> int:
    # The municipality's row is the counter's lock; NO KEY, so that new rows may still refer to it.
    locks.for_update(Municipality.objects.filter(pk=municipality.pk)).get()
    highest = HelpRequest.objects.filter(municipality=municipality).aggregate(highest=Max("number"))["highest"]
    return (highest or 1000) + 1


def _save(
    help_request: HelpRequest, wanted: Wanted, step: NextStep, step_at: datetime, actor: Actor, now: datetime
) -> None:
    help_request.next_step, help_request.next_step_at = step, step_at
    help_request.save(force_insert=True)
    set_free_times(help_request, wanted.free)
    lifecycle.journal(help_request, verb="taken", actor=actor, now=now, facts={"source": help_request.source})


def set_free_times(help_request: HelpRequest, free: Sequence[Free]) -> None:
    """Replace when the person is free. Raises Invalid (`free_times`)."""
    if any(span.end <= span.start or (span.weekday is None) == (span.day is None) for span in free):
        raise Invalid(_("Часът „до“ трябва да е след часа „от“."), code="free_times", field="free_times")
    FreeTime.objects.filter(help_request=help_request).delete()
    FreeTime.objects.bulk_create(
        FreeTime(help_request=help_request, weekday=span.weekday, day=span.day, start=span.start, end=span.end)
        for span in free
    )
