"""What would let the plan serve more, computed now and then or when asked. Rows are the queue.

Killed anywhere, nothing is lost: the lease runs out and the row is still due.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from core.clock import local_date
from places.models import Municipality
from places.selectors import active_municipalities, rules_of
from planning.models import PlanAdvice, PlanRound
from planning.services import solver
from planning.services.rounds import latest
from requests.models import HelpRequest

log = logging.getLogger(__name__)
Json = dict[str, Any]
# A plan changes all day; what it lacks changes slowly.
EVERY = timedelta(hours=3)
LEASE = timedelta(minutes=5)


def due(*, now: datetime) -> list[Municipality]:
    """Whose advice is to be made: somebody asks, or it is old and there is a newer plan."""
    return [municipality for municipality in active_municipalities() if _is_due(municipality, now)]


def _is_due(municipality: Municipality, now: datetime) -> bool:
    row = PlanAdvice.objects.filter(municipality=municipality).first()
    if row is not None and row.lease_until is not None and row.lease_until > now:
        return False
    if row is not None and row.waits:
        return True
    if row is not None and row.made_at is not None and now - row.made_at < EVERY:
        return False
    newest = PlanRound.objects.filter(municipality=municipality, plan__isnull=False).order_by("-started_at")
    newest_id = newest.values_list("pk", flat=True).first()
    return newest_id is not None and (row is None or row.round_id != newest_id)


def ask(*, municipality: Municipality, now: datetime) -> None:
    """Have it made anew; the answer comes with the next run of the worker."""
    PlanAdvice.objects.update_or_create(municipality=municipality, defaults={"asked_at": now})


def make(*, municipality: Municipality, now: datetime) -> PlanAdvice | None:
    """Advice from the last plan. None where another worker makes it, nobody asked, or there is no plan.

    A solver that fails leaves the advice there is; it is asked again after EVERY.
    """
    if not _claim(municipality, now):
        return None
    mine = PlanAdvice.objects.filter(municipality=municipality, lease_until=now + LEASE)
    try:
        plan_round = latest(municipality)
        if plan_round is None:
            mine.update(made_at=now)
            return None
        answer: dict[str, Any] = {
            "lease_until": None,
            "made_at": now,
            "round_id": plan_round.pk,
            "until": _until(plan_round),
        }
        try:
            answer["found"] = _found(plan_round)
        except solver.SolverFailed as error:
            log.error("advice for %s failed: %s", municipality.pk, error)
        mine.update(**answer)
        return PlanAdvice.objects.get(municipality=municipality)
    finally:
        mine.update(lease_until=None)


def _claim(municipality: Municipality, now: datetime) -> bool:
    """Only where it is still due: sent twice, it is made once."""
    if not _is_due(municipality, now):
        return False
    PlanAdvice.objects.get_or_create(municipality=municipality)
    free = PlanAdvice.objects.filter(municipality=municipality).filter(Q(lease_until=None) | Q(lease_until__lte=now))
    stale = Q(made_at=None) | Q(made_at__lte=now - EVERY) | Q(asked_at__gt=F("made_at"))
    return free.filter(stale).update(lease_until=now + LEASE) == 1


def _until(plan_round: PlanRound) -> Any:
    days = rules_of(plan_round.municipality).planning_horizon_days
    return local_date(plan_round.origin) + timedelta(days=days - 1)


def _found(plan_round: PlanRound) -> list[Json]:
    plan: Json = plan_round.plan or {}
    if not plan.get("unserved"):
        return []
    seed = rules_of(plan_round.municipality).keep_seed
    advice = solver.advise(plan_round.problem, plan, seconds=settings.ADVICE_SECONDS, seed=seed)
    return [_entry(each, plan_round) for each in advice]


def _entry(advice: Json, plan_round: PlanRound) -> Json:
    """Minutes become instants, a place its settlement; of the newcomer nothing else is invented."""
    start, end = (
        None if minute is None else (plan_round.origin + timedelta(minutes=minute)).isoformat()
        for minute in (advice["start"], advice["end"])
    )
    kept = ("kind", "skills", "languages", "volunteer", "more_served", "requests")
    return {**{key: advice[key] for key in kept}, "start": start, "end": end, "near": _near(advice, plan_round)}


def _near(advice: Json, plan_round: PlanRound) -> str | None:
    """The settlement of the place, by a request that is there."""
    if advice["place"] is None:
        return None
    there = [row["id"] for row in plan_round.problem["requests"] if row.get("place") == advice["place"]]
    rows = HelpRequest.objects.filter(municipality=plan_round.municipality_id, pk__in=there)
    row = rows.select_related("resident", "help_point").first()
    if row is None:
        return None
    return row.help_point.settlement_id if row.help_point else row.resident.settlement_id
