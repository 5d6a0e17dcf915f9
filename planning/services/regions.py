"""A large round goes on in parts: what was asked stands, the rest is made better part by part.

The first plan is published before anything is divided, so an answer is always there. The parts are rows; a message
carries only the id of one, and the schedule sends it again when it is lost.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from core.killpoints import reach
from places.selectors import rules_of
from planning.models import PlanPart, PlanRound
from planning.services import desk, solver
from planning.states import RoundState
from requests.models import Offer

log = logging.getLogger(__name__)
# More are not brought near their best within the seconds of a part.
MOST_IN_A_PART = 400


def is_large(problem: dict[str, Any]) -> bool:
    promised = {promise["request"] for promise in problem.get("promises", [])}
    return sum(row["id"] not in promised for row in problem["requests"]) > int(settings.SOLVER_PART_REQUESTS)


def begin(plan_round: PlanRound, lease: datetime, token: str, *, now: datetime) -> bool:
    """Divide a published round into parts, which hold the desk from now on.

    False, and the round stays as it is, where it is not large, cannot be divided, or the desk is no longer its own.
    """
    if not is_large(plan_round.problem):
        return False
    plan = plan_round.plan or {}
    try:
        divided = solver.split(
            plan_round.problem, plan, hold=_asked(plan_round, plan), seed=rules_of(plan_round.municipality).keep_seed,
            requests=min(MOST_IN_A_PART, max(1, settings.SOLVER_PART_REQUESTS // 2)),
        )  # fmt: skip
    except solver.SolverFailed as error:
        log.error("planning %s goes on as a whole: %s", plan_round.municipality_id, error)
        return False
    if not divided.parts:
        return False
    reach("commit.before")
    held = _save(plan_round, divided, lease, token, now)
    reach("commit.after")
    return held


def _asked(plan_round: PlanRound, plan: dict[str, Any]) -> set[str]:
    """Whose visits were offered: nobody is asked for one hour and then planned for another."""
    asked = set(map(str, Offer.objects.filter(round_id=plan_round.pk).values_list("help_request_id", flat=True)))
    return asked & {visit["request"] for visit in plan["visits"]}


@transaction.atomic
def _save(plan_round: PlanRound, divided: solver.Divided, lease: datetime, token: str, now: datetime) -> bool:
    until = now + time_for(len(divided.parts))
    if not desk.hand_to_parts(
        plan_round.municipality, lease, plan_round.pk,
        until=until + desk.LEASE, planned_at=plan_round.started_at, token=token,
    ):  # fmt: skip
        return False
    PlanPart.objects.bulk_create(
        PlanPart(round=plan_round, number=number, problem=problem, plan=plan)
        for number, (problem, plan) in enumerate(divided.parts, 1)
    )
    plan_round.problem = {**plan_round.problem, "promises": divided.promises}
    plan_round.plan, plan_round.state, plan_round.parts_until = divided.plan, RoundState.IN_PARTS, until
    plan_round.save(update_fields=["problem", "plan", "state", "parts_until"])
    return True


def time_for(parts: int) -> timedelta:
    """Twice what one worker alone needs for them; what is not solved then stays as it was."""
    return desk.LEASE + parts * 2 * timedelta(seconds=settings.SOLVER_PART_SECONDS)


@transaction.atomic
def close(plan_round: PlanRound, *, now: datetime, **changed: Any) -> bool:
    """The round is in parts no longer; its parts are emptied, the desk is free. False where it was closed before."""
    open_round = PlanRound.objects.filter(pk=plan_round.pk, state=RoundState.IN_PARTS)
    done = open_round.update(state=RoundState.PUBLISHED, finished_at=now, join_lease_until=None, **changed)
    if done:
        # The round itself keeps the problem and the plan.
        plan_round.parts.update(problem=None, plan=None, answer=None, lease_until=None)
        desk.release_from_parts(plan_round.pk)
    return bool(done)
