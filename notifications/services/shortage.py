"""Telling the desk in time: credits that run out, a channel by which much does not arrive."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from notifications import operations
from notifications.channels import carrier
from notifications.models import DeskTask, Provider
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.models import Municipality

# So much of what was handed over in an hour or two may fail before the desk is told, once there is enough to judge by.
MOST_FAILING, ENOUGH = 0.2, 20
WITHIN = timedelta(hours=2)
NOT_AGAIN = timedelta(hours=12)


def tell_of_credits(*, now: datetime) -> int:
    """A task at every desk for each provider that runs out; closed where it was paid. Answers how many run out."""
    low = 0
    for row in Provider.objects.exclude(credits=None):
        short = row.credits is not None and row.credits < settings.CREDITS_LOW
        low += short
        for municipality in Municipality.objects.filter(active=True):
            about = subject_of("credits", row.code, municipality)
            _tell(
                municipality,
                about,
                {"provider": row.code, "what": "credits", "left": int(row.credits or 0)},
                short,
                now,
            )
    return low


def tell_of_failing(*, now: datetime) -> int:
    """A task where much of a municipality's messages does not arrive. Answers how many channels are bad."""
    bad = 0
    for municipality in Municipality.objects.filter(active=True):
        hour = now.replace(minute=0, second=0, microsecond=0)
        for rate in operations.rates(hour - WITHIN + timedelta(hours=1), hour + timedelta(hours=1), municipality):
            tried = max(rate.handed, rate.failed) + rate.unknown
            failing = tried >= ENOUGH and (rate.failed + rate.unknown) / tried > MOST_FAILING
            bad += failing
            who = carrier(rate.channel)
            facts: dict[str, str | int] = {"provider": who.provider if who else rate.channel, "what": "failing"}
            _tell(municipality, subject_of("failing", rate.channel, municipality), facts, failing, now)
    return bad


def _tell(municipality: Municipality, about: UUID, facts: dict[str, str | int], is_bad: bool, now: datetime) -> None:
    asked = DeskTask.objects.filter(kind=TaskKind.PROVIDER, subject_id=about, done_at__gt=now - NOT_AGAIN)
    if is_bad and asked.exclude(result="recovered").exists():
        # A person closed it a while ago: they know.
        return
    if is_bad:
        desk_tasks.ask(
            municipality=municipality, kind=TaskKind.PROVIDER, subject_type="provider", subject_id=about,
            due_at=now, now=now, facts=facts,
        )  # fmt: skip
    else:
        desk_tasks.finish_about(subject_type="provider", subject_id=about, result="recovered", now=now)


def subject_of(what: str, code: str, municipality: Municipality) -> UUID:
    return uuid5(NAMESPACE_URL, f"{what}:{code}:{municipality.pk}")
