"""A planning round: claim, snapshot, solve outside any transaction, publish. Rows are the queue.

Killed anywhere, nothing is lost: the lease runs out and the next round begins from the rows as they stand.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core.killpoints import reach
from places.models import Municipality
from places.selectors import active_municipalities, rules_of
from planning.models import PlanningDesk, PlanRound
from planning.selectors.rows import change_token
from planning.services import desk, earlier, ladder, progress, publish, regions, snapshot, solver
from planning.services.desk import later
from planning.states import RoundState

log = logging.getLogger(__name__)
# So long after the first change a round begins: a burst of changes makes one round.
DEBOUNCE = timedelta(seconds=8)
# Even without a change the clock moves on: windows pass, offers' horizon grows.
EVERY = timedelta(minutes=5)
KEEP_ROUNDS = 200


@dataclass
class Due:
    """Municipalities to plan now, those where a change was seen for the first time, and those the ladder serves."""

    now: list[Municipality] = field(default_factory=list)
    soon: list[Municipality] = field(default_factory=list)
    # Held by the parts of a large round while somebody's no waits for the next in line.
    held: list[Municipality] = field(default_factory=list)


def due(*, now: datetime) -> Due:
    """Whose plan is to be made anew. Notes a first change, so that a burst makes one round."""
    found = Due()
    for municipality in active_municipalities():
        if _is_due(municipality, now, found):
            found.now.append(municipality)
    return found


def _is_due(municipality: Municipality, now: datetime, found: Due) -> bool:
    desk, _made = PlanningDesk.objects.get_or_create(municipality=municipality)
    if desk.lease_until is not None and desk.lease_until > now:
        if desk.parts_of is not None and ladder.waits(desk):
            found.held.append(municipality)
        return False
    if desk.planned_at is None or now - desk.planned_at >= EVERY:
        return True
    if ladder.waits(desk):
        return True
    token = change_token(municipality)
    if token == desk.change_token:
        return False
    if desk.changed_at is None or desk.changed_at <= desk.planned_at:
        PlanningDesk.objects.filter(pk=desk.pk).update(changed_at=now)
        found.soon.append(municipality)
        return False
    return now - desk.changed_at >= DEBOUNCE


def run(*, municipality: Municipality, now: datetime) -> PlanRound | None:
    """One round. None where another worker holds the municipality or the snapshot is the last one's.

    A large round comes back IN_PARTS: published, and to be made better by `parts` and `joins`.
    """
    reach("claim.before")
    began = time.monotonic()
    lease = desk.claim(municipality, now=now)
    if lease is None:
        return None
    reach("claim.after")
    token = change_token(municipality)
    try:
        taken = snapshot.take(municipality, now=now)
        if PlanningDesk.objects.filter(municipality=municipality, snapshot_hash=taken.digest).exists():
            return None
        plan_round = _solved(municipality, taken, now, began)
        if plan_round.state != RoundState.FAILED:
            _publish(plan_round, later(now, began))
            regions.begin(plan_round, lease, token, now=later(now, began))
            PlanningDesk.objects.filter(municipality=municipality).update(snapshot_hash=taken.digest)
        return plan_round
    finally:
        desk.release(municipality, lease, planned_at=now, token=token)


def dry_run(*, municipality: Municipality, now: datetime) -> PlanRound:
    """A round that is solved and not saved: for the operator's eyes."""
    taken = snapshot.take(municipality, now=now)
    plan = solver.solve(
        taken.problem, seconds=settings.SOLVER_SECONDS, seed=rules_of(municipality).keep_seed,
        earlier=earlier.plan_for(latest(municipality), taken),
    )  # fmt: skip
    return PlanRound(
        municipality=municipality, state=RoundState.SOLVED, started_at=now, origin=taken.origin,
        snapshot_hash=taken.digest, problem=taken.problem, plan=plan,
    )  # fmt: skip


def _solved(municipality: Municipality, taken: snapshot.Snapshot, now: datetime, began: float) -> PlanRound:
    before = earlier.plan_for(latest(municipality), taken)
    plan_round = PlanRound.objects.create(
        municipality=municipality, started_at=now, origin=taken.origin,
        snapshot_hash=taken.digest, problem=taken.problem,
    )  # fmt: skip
    reach("solve.before")
    try:
        plan_round.plan = solver.solve(
            taken.problem, seconds=settings.SOLVER_SECONDS, seed=rules_of(municipality).keep_seed,
            earlier=before, told=progress.Note(plan_round),
        )  # fmt: skip
        plan_round.state = RoundState.SOLVED
    except solver.SolverFailed as error:
        log.error("planning %s failed: %s", municipality.pk, error)
        plan_round.state, plan_round.failure = RoundState.FAILED, str(error)[:300]
    reach("solve.after")
    plan_round.finished_at = later(now, began)
    plan_round.progress = None
    plan_round.save(update_fields=["plan", "state", "failure", "finished_at", "progress"])
    return plan_round


def _publish(plan_round: PlanRound, now: datetime) -> None:
    done = publish.publish(plan_round, now=now)
    plan_round.offers_made, plan_round.proposals_stale = done.made, done.stale
    plan_round.offers_made += ladder.widen(plan_round, now=now)
    plan_round.state = RoundState.PUBLISHED
    plan_round.save(update_fields=["offers_made", "proposals_stale", "state"])
    _forget_old(plan_round.municipality)


@transaction.atomic
def _forget_old(municipality: Municipality) -> None:
    old = PlanRound.objects.filter(municipality=municipality).order_by("-started_at")[KEEP_ROUNDS : KEEP_ROUNDS + 50]
    PlanRound.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()


def latest(municipality: Municipality) -> PlanRound | None:
    """The newest round with a plan."""
    rounds = PlanRound.objects.filter(municipality=municipality, plan__isnull=False)
    return rounds.order_by("-started_at").first()
