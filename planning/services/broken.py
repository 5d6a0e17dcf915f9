"""What was promised and no longer fits becomes a coordinator's task, with the reason in its facts.

`way`: the road from the visit before it is too long (`roads`), said of the later of the two; `away`: the volunteer has
since marked the day as away; `left`: the volunteer no longer helps.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.clock import local_date
from notifications.models import DeskTask
from notifications.services import desk_tasks
from notifications.states import TaskKind
from planning.models import PlanRound
from planning.services import roads
from requests.models import Visit
from requests.states import VisitState
from volunteers.models import HoursException
from volunteers.states import VolunteerStatus

Facts = dict[str, Any]


@transaction.atomic
def tell(plan_round: PlanRound, *, now: datetime) -> int:
    """Ask the coordinator about every broken promise, and close what is mended. Returns how many there are."""
    ways = {pk: {"why": "way", **facts} for pk, facts in roads.too_short(plan_round).items()}
    found = {**ways, **_people(plan_round, now)}
    settled = _settled(list(found))
    for request_id, facts in found.items():
        # The coordinator said that it stands all the same: not asked again about the same thing.
        if facts not in settled.get(request_id, []):
            desk_tasks.ask(
                municipality=plan_round.municipality, kind=TaskKind.PROMISE_BROKEN, subject_type="help_request",
                subject_id=request_id, due_at=now, now=now, facts=facts,
            )  # fmt: skip
    _close_the_mended(plan_round, set(found), now)
    return len(found)


def _close_the_mended(plan_round: PlanRound, broken: set[UUID], now: datetime) -> None:
    tasks = DeskTask.objects.open().filter(municipality=plan_round.municipality_id, kind=TaskKind.PROMISE_BROKEN)
    for subject_id in set(tasks.values_list("subject_id", flat=True)) - broken:
        desk_tasks.finish_about(
            subject_type="help_request", subject_id=subject_id, kinds=[TaskKind.PROMISE_BROKEN], result="arranged",
            now=now,
        )  # fmt: skip


def _people(plan_round: PlanRound, now: datetime) -> dict[UUID, Facts]:
    visits = Visit.objects.filter(
        help_request__municipality=plan_round.municipality_id,
        state__in=[VisitState.SCHEDULED, VisitState.CONFIRMED],
        start__gt=now,
    ).prefetch_related("seats__volunteer")
    away = set(
        HoursException.objects.filter(
            volunteer__municipality=plan_round.municipality_id, start=None, day__gte=local_date(now)
        ).values_list("volunteer_id", "day")
    )
    found: dict[UUID, Facts] = {}
    for visit in visits:
        for seat in visit.seats.all():
            why = _why(seat.volunteer, (seat.volunteer_id, local_date(visit.start)) in away) if seat.live else ""
            if why:
                found[visit.help_request_id] = {"why": why, "volunteers": [str(seat.volunteer_id)]}
    return found


def _why(volunteer: Any, is_away: bool) -> str:
    if volunteer.status != VolunteerStatus.ACTIVE:
        return "left"
    return "away" if is_away else ""


def _settled(ids: list[UUID]) -> dict[UUID, list[Facts]]:
    done: dict[UUID, list[Facts]] = {}
    rows = DeskTask.objects.filter(kind=TaskKind.PROMISE_BROKEN, subject_id__in=ids, done_at__isnull=False)
    for subject_id, facts in rows.values_list("subject_id", "facts"):
        done.setdefault(subject_id, []).append(facts)
    return done
