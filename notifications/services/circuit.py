"""The circuit of each provider: after some failures in a row it rests, then one message tries."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from notifications.channels import carrier
from notifications.models import Provider
from notifications.services import desk_tasks
from notifications.states import CARRIED, TaskKind
from places.models import Municipality

OPENS_AFTER = 5
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=5)
# The desk is told when a provider has rested for so long.
TELL_AFTER = timedelta(minutes=5)
# As many as the column holds.
MOST_CREDITS = Decimal("9999999999")


def resting_and_trying(now: datetime) -> tuple[list[str], list[str]]:
    """The channels whose provider rests at `now`, and those where a single message tries whether it is back."""
    tired = dict(Provider.objects.filter(failures_in_row__gte=OPENS_AFTER).values_list("code", "rests_until"))
    resting: list[str] = []
    trying: list[str] = []
    for channel in CARRIED:
        who = carrier(channel)
        if who is not None and who.provider in tired:
            until = tired[who.provider]
            (resting if until is not None and until > now else trying).append(channel.value)
    return resting, trying


def resting(now: datetime) -> list[str]:
    """The channels whose provider rests at `now`."""
    return resting_and_trying(now)[0]


def worked(provider: str, *, now: datetime) -> None:
    """It answered: the circuit is closed."""
    tired = Provider.objects.filter(pk=provider).exclude(failures_in_row=0, resting_since=None)
    if tired.update(failures_in_row=0, rests_until=None, resting_since=None):
        for municipality in Municipality.objects.filter(active=True):
            about = subject_of(provider, municipality)
            desk_tasks.finish_about(subject_type="provider", subject_id=about, result="recovered", now=now)


@transaction.atomic
def failed(provider: str, *, now: datetime, times: int = 1) -> None:
    """It did not answer, or with an error of its own. Opens the circuit after some in a row.

    Many that fail together open it once; each try that fails after a rest makes the next rest twice as long.
    """
    Provider.objects.bulk_create([Provider(code=provider)], ignore_conflicts=True)
    row = Provider.objects.select_for_update().get(pk=provider)
    if row.rests_until is not None and row.rests_until > now:
        return
    was_open = row.failures_in_row >= OPENS_AFTER
    row.failures_in_row = row.failures_in_row + 1 if was_open else min(row.failures_in_row + times, OPENS_AFTER)
    if row.failures_in_row >= OPENS_AFTER:
        row.rests_until = now + min(FIRST_REST * 2 ** min(row.failures_in_row - OPENS_AFTER, 10), LONGEST_REST)
        row.resting_since = row.resting_since or now
    row.save(update_fields=["failures_in_row", "rests_until", "resting_since"])


def tell_desks(*, now: datetime) -> int:
    """A task at every desk for each provider that has rested too long. Answers how many providers."""
    down = list(Provider.objects.filter(resting_since__lte=now - TELL_AFTER))
    for row in down:
        for municipality in Municipality.objects.filter(active=True):
            desk_tasks.ask(
                municipality=municipality, kind=TaskKind.PROVIDER, subject_type="provider",
                subject_id=subject_of(row.code, municipality), due_at=now, now=now,
                facts={"provider": row.code, "what": "down"},
            )  # fmt: skip
    return len(down)


def credits_left(provider: str, left: Decimal, *, now: datetime) -> None:
    """What the provider said is left of what was paid for."""
    Provider.objects.bulk_create([Provider(code=provider)], ignore_conflicts=True)
    Provider.objects.filter(pk=provider).update(credits=min(left, MOST_CREDITS), credits_at=now)


def subject_of(provider: str, municipality: Municipality) -> UUID:
    """What a municipality's desk task about this provider names as its subject."""
    return uuid5(NAMESPACE_URL, f"provider:{provider}:{municipality.pk}")
