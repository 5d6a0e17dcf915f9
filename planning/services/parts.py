"""The parts of a large round: claimed by UPDATE with a lease, solved outside any transaction, saved by their holder.

Killed anywhere, nothing is lost: the lease runs out and the schedule sends the part again. A part that failed
thrice, or was not solved in time, stays as it was.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from core.killpoints import reach
from places.selectors import rules_of
from planning.models import PlanningDesk, PlanPart, PlanRound
from planning.services import regions, solver
from planning.services.desk import later
from planning.states import PartState, RoundState

log = logging.getLogger(__name__)
TRIES = 3
# Start, check and row, beyond the seconds of a part. One that takes longer is solved twice and saved once.
GRACE = timedelta(seconds=45)


@dataclass
class Next:
    """Parts to solve and rounds to join now."""

    parts: list[UUID] = field(default_factory=list)
    joins: list[UUID] = field(default_factory=list)


def lease_of_part() -> timedelta:
    return timedelta(seconds=settings.SOLVER_PART_SECONDS) + GRACE


def solve(*, part_id: UUID, now: datetime) -> Next:
    """Solve one part where nobody else does, and say what its round needs next."""
    reach("claim.before")
    began = time.monotonic()
    lease = now + lease_of_part()
    free = PlanPart.objects.filter(
        Q(lease_until=None) | Q(lease_until__lte=now),
        pk=part_id, state=PartState.WAITING, tries__lt=TRIES, round__state=RoundState.IN_PARTS,
    )  # fmt: skip
    if not free.update(lease_until=lease, tries=F("tries") + 1):
        return Next()
    reach("claim.after")
    rows = PlanPart.objects.select_related("round__municipality").defer("round__problem", "round__plan")
    part = rows.get(pk=part_id)
    _solved(part, lease)
    return of_round(part.round, now=later(now, began))


def _solved(part: PlanPart, lease: datetime) -> None:
    mine = PlanPart.objects.filter(pk=part.pk, state=PartState.WAITING, lease_until=lease)
    reach("solve.before")
    try:
        answer = solver.solve(
            part.problem or {}, start=part.plan, seconds=settings.SOLVER_PART_SECONDS,
            seed=rules_of(part.round.municipality).keep_seed,
        )  # fmt: skip
    except solver.SolverFailed as error:
        log.error("part %s failed: %s", part, error)
        mine.update(lease_until=None)
        return
    reach("solve.after")
    mine.update(state=PartState.SOLVED, answer=answer, lease_until=None)
    reach("commit.after")


def due(*, now: datetime) -> Next:
    """What all rounds in parts need now; for the schedule, which knows of no lost message."""
    found = Next()
    for plan_round in (
        PlanRound.objects.filter(state=RoundState.IN_PARTS).order_by("started_at").defer("problem", "plan")
    ):
        one = of_round(plan_round, now=now)
        found.parts += one.parts
        found.joins += one.joins
    return found


def of_round(plan_round: PlanRound, *, now: datetime) -> Next:
    """What this round needs now: some parts, so that other work finds a worker between them; then the join."""
    if not PlanningDesk.objects.filter(parts_of=plan_round.pk).exists():
        # Overtaken: a newer round has claimed the desk, or the join was done.
        regions.close(plan_round, now=now)
        return Next()
    _give_up(plan_round, now)
    waiting = plan_round.parts.filter(state=PartState.WAITING).order_by("number").values_list("pk", "lease_until")
    free, running = [], 0
    for pk, lease_until in waiting:
        if lease_until is None or lease_until <= now:
            free.append(pk)
        else:
            running += 1
    if not free and not running:
        return Next(joins=list(_joinable(plan_round, now)))
    return Next(parts=free[: max(0, settings.SOLVER_PARTS_AT_ONCE - running)])


def _give_up(plan_round: PlanRound, now: datetime) -> None:
    waiting = plan_round.parts.filter(state=PartState.WAITING)
    hopeless = waiting.filter(Q(lease_until=None) | Q(lease_until__lte=now), tries__gte=TRIES)
    if PlanRound.objects.filter(pk=plan_round.pk, parts_until__lte=now).exists():
        hopeless = waiting
    if given_up := hopeless.update(state=PartState.LEFT, lease_until=None):
        log.error("planning %s: %s parts stay as they were", plan_round.municipality_id, given_up)


def _joinable(plan_round: PlanRound, now: datetime) -> Iterator[UUID]:
    rows = PlanRound.objects.filter(pk=plan_round.pk, state=RoundState.IN_PARTS)
    yield from rows.filter(Q(join_lease_until=None) | Q(join_lease_until__lte=now)).values_list("pk", flat=True)
