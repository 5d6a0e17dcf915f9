"""A request is taken: by a clerk (OPEN at once) or from the web (UNVERIFIED until a person was phoned)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Service
from core.clock import local_date
from core.errors import Invalid
from core.phones import normalise, phone_hash
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.models import Municipality
from places.selectors import rules_of
from requests import notices
from requests.models import FreeTime, HelpRequest, Resident, Visit
from requests.services import lifecycle, locks, steps
from requests.services.actors import RESIDENT, Actor
from requests.services.wanted import Free, Wanted, check, deadline_of
from requests.states import (
    Mode,
    NextStep,
    Outcome,
    RequestState,
    Source,
    VisitState,
)
from requests.tracking import tracking_hash

__all__ = [
    "Free",
    "Wanted",
    "ask_to_phone",
    "deadline_of",
    "needs_two",
    "probable_duplicate",
    "set_free_times",
    "submit_from_web",
    "take",
    "verify",
]

# Where the service is not known, an hour is long enough to find out which it is.
UNKNOWN_SERVICE_MINUTES = 60
TRACKING_DIGITS = 8


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
    ask_to_phone(help_request, now=now)
    notices.request_received(help_request, now=now)
    return help_request


def ask_to_phone(help_request: HelpRequest, *, now: datetime) -> None:
    """The desk is told to phone the person, in the caller's transaction."""
    desk_tasks.ask(
        municipality=help_request.municipality, kind=TaskKind.VERIFY_WEB, subject_type="help_request",
        subject_id=help_request.pk, due_at=now + steps.PHONE_WITHIN, now=now,
    )  # fmt: skip


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
    been = Visit.objects.filter(
        help_request__resident=resident, help_request__mode__in=[Mode.HOME_VISIT, Mode.ESCORT], state=VisitState.DONE
    )
    # Where nobody was at home, nobody has been met yet.
    return not been.exclude(outcome=Outcome.NOBODY_HOME).exists()


def probable_duplicate(resident: Resident, service: Service | None) -> HelpRequest | None:
    """A live request of the same person for the same service, the newest first."""
    return HelpRequest.objects.live().filter(resident=resident, service=service).order_by("-created_at").first()


def _make(resident: Resident, wanted: Wanted, source: str, taken_by: User | None, now: datetime) -> HelpRequest:
    check(resident, wanted, now)
    if resident.restricted_at is not None or resident.erased_at is not None:
        raise Invalid(_("Този човек поиска да не работим с данните му."), code="restricted")
    code = _new_code()
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


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice("0123456789") for _digit in range(TRACKING_DIGITS))
        if not HelpRequest.objects.filter(tracking_hash=tracking_hash(code)).exists():
            return code


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
    weekdays = {None, *range(7)}
    if any(
        span.end <= span.start or (span.weekday is None) == (span.day is None) or span.weekday not in weekdays
        for span in free
    ):
        raise Invalid(_("Часът „до“ трябва да е след часа „от“."), code="free_times", field="free_times")
    FreeTime.objects.filter(help_request=help_request).delete()
    FreeTime.objects.bulk_create(
        FreeTime(help_request=help_request, weekday=span.weekday, day=span.day, start=span.start, end=span.end)
        for span in free
    )
