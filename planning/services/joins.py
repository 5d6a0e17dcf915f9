"""The end of a round in parts: one claims it by UPDATE, the answers become one plan, what still fits is offered.

Twice changes nothing: the offers that were made are refused the second time, the round is closed once.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from core.killpoints import reach
from places.selectors import rules_of
from planning.models import PlanPart, PlanRound
from planning.services import desk, ladder, publish, regions, solver, standing
from planning.services.desk import later
from planning.states import PartState, RoundState
from requests.models import Offer

log = logging.getLogger(__name__)
TRIES = 5


def run(*, round_id: UUID, now: datetime) -> bool:
    """Join the parts and publish. False where parts are missing, another does it, or it did not come off."""
    reach("claim.before")
    began = time.monotonic()
    if not _claim(round_id, now):
        return False
    reach("claim.after")
    plan_round = PlanRound.objects.select_related("municipality").get(pk=round_id)
    if not desk.renew_for_parts(round_id, now=now):
        regions.close(plan_round, now=now)
        return False
    if plan_round.join_tries > TRIES:
        regions.close(plan_round, now=now, failure="join: given up")
        return False
    try:
        plan = _joined(plan_round)
    except solver.SolverFailed as error:
        log.error("planning %s: join failed: %s", plan_round.municipality_id, error)
        PlanRound.objects.filter(pk=round_id, join_lease_until=now + desk.LEASE).update(join_lease_until=None)
        return False
    reach("solve.after")
    _publish(plan_round, plan, later(now, began))
    return True


def _claim(round_id: UUID, now: datetime) -> bool:
    waiting = PlanPart.objects.filter(round=OuterRef("pk"), state=PartState.WAITING)
    free = PlanRound.objects.filter(
        Q(join_lease_until=None) | Q(join_lease_until__lte=now), ~Exists(waiting),
        pk=round_id, state=RoundState.IN_PARTS,
    )  # fmt: skip
    return bool(free.update(join_lease_until=now + desk.LEASE, join_tries=F("join_tries") + 1))


def _joined(plan_round: PlanRound) -> dict[str, Any]:
    rows = plan_round.parts.order_by("number").values_list("problem", "answer")
    seed = rules_of(plan_round.municipality).keep_seed
    known = [(problem or {}, answer) for problem, answer in rows]
    return solver.join(plan_round.problem, plan_round.plan or {}, known, seed=seed)


def _publish(plan_round: PlanRound, plan: dict[str, Any], now: datetime) -> None:
    plan_round.plan = plan
    only = standing.still_fits(plan_round)
    done = publish.publish(plan_round, now=now, only=only)
    ladder.widen(plan_round, now=now)
    reach("commit.before")
    made = Offer.objects.filter(round_id=plan_round.pk).count()
    stale = plan_round.proposals_stale + done.stale
    regions.close(plan_round, now=now, plan=plan, offers_made=made, proposals_stale=stale)
    reach("commit.after")
