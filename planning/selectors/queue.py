"""The live queue: who waits, why, what comes next; and how the last round went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import Membership
from places.models import Municipality
from planning.models import PlanningDesk, PlanRound
from planning.states import PartState, RoundState
from requests.models import HelpRequest, Offer, VisitSeat
from requests.selectors.access import visible_requests
from requests.states import LIVE, VISIT_LIVE


def live(membership: Membership, *, state: str = "", settlement: str = "", service: str = "") -> QuerySet[HelpRequest]:
    """Live requests, the oldest first, narrowed by what is given."""
    rows = visible_requests(membership).filter(state__in=LIVE)
    if state:
        rows = rows.filter(state=state)
    if settlement:
        rows = rows.filter(resident__settlement=settlement)
    if service:
        rows = rows.filter(service=service)
    return rows.order_by("created_at", "number")


# A round that said nothing for so long was killed: its lease has run out.
DEAD_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class LastRound:
    """The newest round that has ended, or has a plan, in figures; `gap` as a share, None without a bound."""

    at: datetime
    failed: bool
    served: int
    asked: int
    gap: float | None
    optimal: bool
    offers: int


@dataclass(frozen=True)
class Running:
    """A round at work: of how many requests so many are served, `asked` 0 before the first plan; or parts that are
    done, of so many.
    """

    served: int = 0
    asked: int = 0
    gap: float | None = None
    parts: int = 0
    parts_done: int = 0


def last_round(municipality: Municipality) -> LastRound | None:
    """The newest round that is not being solved, also a failed one. Its plan is read without the large problem."""
    rows = PlanRound.objects.filter(municipality=municipality).exclude(state=RoundState.SOLVING)
    row = rows.defer("problem").order_by("-started_at").first()
    if row is None:
        return None
    plan: dict[str, Any] = row.plan or {}
    unserved = {entry["request"] for entry in plan.get("unserved", [])}
    served = {visit["request"] for visit in plan.get("visits", [])} - unserved
    return LastRound(
        at=row.finished_at or row.started_at,
        failed=row.state == RoundState.FAILED,
        served=len(served),
        asked=len(served) + len(unserved),
        gap=plan.get("gap"),
        optimal=plan.get("status") == "optimal",
        offers=row.offers_made,
    )


def running(municipality: Municipality, now: datetime) -> Running | None:
    """The newest round, where it is still solved or made better in parts."""
    rows = PlanRound.objects.filter(municipality=municipality).order_by("-started_at")
    row = rows.only("state", "started_at", "progress").first()
    if row is not None and row.state == RoundState.SOLVING and row.started_at > now - DEAD_AFTER:
        said = row.progress or {}
        return Running(said.get("served", 0), said.get("requests", 0), said.get("gap"))
    if row is not None and row.state == RoundState.IN_PARTS:
        states = list(row.parts.values_list("state", flat=True))
        return Running(parts=len(states), parts_done=sum(state != PartState.WAITING for state in states))
    return None


def planned_since(municipality: Municipality, moment: datetime) -> bool:
    """Whether a round that began after the moment has ended."""
    desk = PlanningDesk.objects.filter(municipality=municipality).first()
    return desk is not None and desk.planned_at is not None and desk.planned_at >= moment


@dataclass(frozen=True)
class Standing:
    """Who sits in the request's visit and who is asked."""

    seated: list[VisitSeat]
    asked: list[Offer]


def standing(help_request: HelpRequest) -> Standing:
    """What stands for the request in its present attempt. Two queries."""
    seats = VisitSeat.objects.filter(
        visit__help_request=help_request, visit__attempt=help_request.attempt, visit__state__in=VISIT_LIVE, live=True
    )
    asked = Offer.objects.live().filter(help_request=help_request, attempt=help_request.attempt)
    return Standing(
        list(seats.select_related("volunteer").order_by("seat")),
        list(asked.select_related("volunteer").order_by("seat")),
    )
