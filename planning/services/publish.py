"""From a plan to offers: each proposal in its own short transaction, a stale one is skipped."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.clock import local_date
from places.selectors import rules_of
from places.travel import minutes as minutes_between
from places.travel import road_km
from planning.models import PlanRound
from planning.services import broken
from requests.models import HelpRequest, Offer, VisitSeat
from requests.services import asking, offers, steps
from requests.states import LIVE, Mode, RequestState
from volunteers.models import Volunteer

Json = dict[str, Any]
PLANNED_LATER = "planned_later"


@dataclass(frozen=True)
class Published:
    made: int = 0
    stale: int = 0


def publish(plan_round: PlanRound, *, now: datetime, only: Container[str] | None = None) -> Published:
    """Make the offers of a solved round, note why the others are still open, tell of broken promises.

    `only`: the requests whose visits may be offered, where the plan is older than a moment.
    """
    plan: Json = plan_round.plan or {}
    people = {str(row.pk): row for row in _volunteers(plan_round)}
    requests = {str(row.pk): row for row in _requests(plan_round)}
    made = stale = 0
    for visit in _most_pressing_first(plan_round):
        help_request = requests.get(visit["request"])
        if help_request is None or not _has_news(plan_round, visit):
            continue
        start = plan_round.origin + timedelta(minutes=visit["start"])
        # Somebody already said yes to this hour: whoever goes along is asked at once.
        standing = visit["request"] in _promised(plan_round)
        if only is not None and visit["request"] not in only:
            stale += 1
            continue
        if not standing and not _within_offer_horizon(help_request, start, now):
            _note(help_request, PLANNED_LATER, [start.isoformat()])
            continue
        proposals = _seats(help_request, visit, people, plan_round)
        asked_enough = asking.asked_enough(
            [people[str(one.volunteer_id)] for one in proposals], help_request, now=now,
            rules=rules_of(help_request.municipality),
        )  # fmt: skip
        if asked_enough:
            # Not more than their number a day: they are asked tomorrow, unless another plan is better then.
            _note(help_request, PLANNED_LATER, [start.isoformat()])
            continue
        asked = offers.make(
            help_request_id=help_request.pk, attempt=help_request.attempt, start=start,
            end=start + timedelta(minutes=_duration(plan_round, help_request)),
            seats_for=proposals, now=now, round_id=plan_round.pk,
        )  # fmt: skip
        made, stale = made + len(asked), stale + (not asked)
    for entry in plan.get("unserved", []):
        if (help_request := requests.get(entry["request"])) is not None:
            _note(help_request, entry["reason"], entry["with"][:10])
    broken.tell(plan_round, now=now)
    return Published(made, stale)


def _most_pressing_first(plan_round: PlanRound) -> list[Json]:
    """Whose prize is higher is asked first, while those who would go may still be asked today."""
    prize = {row["id"]: int(row["prize"]) for row in plan_round.problem["requests"]}
    visits: list[Json] = (plan_round.plan or {}).get("visits", [])
    return sorted(visits, key=lambda visit: -prize.get(visit["request"], 0))


def _volunteers(plan_round: PlanRound) -> list[Volunteer]:
    return list(Volunteer.objects.filter(municipality=plan_round.municipality_id).select_related("home", "contact"))


def _requests(plan_round: PlanRound) -> list[HelpRequest]:
    rows = HelpRequest.objects.filter(municipality=plan_round.municipality_id, state__in=LIVE)
    return list(rows.select_related("resident__settlement", "help_point__settlement", "municipality"))


def _promised(plan_round: PlanRound) -> dict[str, list[str]]:
    return {entry["request"]: entry["volunteers"] for entry in plan_round.problem.get("promises", [])}


def _has_news(plan_round: PlanRound, visit: Json) -> bool:
    """Whether the plan adds somebody to what already stands."""
    return set(visit["volunteers"]) > set(_promised(plan_round).get(visit["request"], []))


def _within_offer_horizon(help_request: HelpRequest, start: datetime, now: datetime) -> bool:
    if steps.is_urgent(help_request):
        return True
    horizon = rules_of(help_request.municipality).offer_horizon_days
    return local_date(start) <= local_date(now) + timedelta(days=horizon)


def _duration(plan_round: PlanRound, help_request: HelpRequest) -> int:
    wanted = str(help_request.pk)
    return next(int(row["duration"]) for row in plan_round.problem["requests"] if row["id"] == wanted)


def _seats(
    help_request: HelpRequest, visit: Json, people: dict[str, Volunteer], plan_round: PlanRound
) -> list[offers.SeatProposal]:
    """A proposal for each new person, on the seats that are neither taken nor asked for."""
    standing = set(_promised(plan_round).get(visit["request"], []))
    new = [person for person in visit["volunteers"] if person not in standing and person in people]
    seats = [seat for seat in range(1, help_request.team + 1) if seat not in seats_in_use(help_request)]
    return [
        offers.SeatProposal(
            seat=seat,
            volunteer_id=UUID(person),
            travel_minutes=_way(people[person], help_request),
            km=_km(people[person], help_request),
            why=[why for why in visit.get("why", []) if why.get("volunteer") == person],
        )
        for seat, person in zip(seats, new, strict=False)
    ]


def seats_in_use(help_request: HelpRequest) -> set[int]:
    """Seats that are taken or asked for."""
    of_this = {"help_request": help_request, "attempt": help_request.attempt}
    asked = Offer.objects.live().filter(**of_this).values_list("seat", flat=True)
    taken = VisitSeat.objects.filter(
        live=True, visit__help_request=help_request, visit__attempt=help_request.attempt
    ).values_list("seat", flat=True)
    return {*asked, *taken}


def _points(volunteer: Volunteer, help_request: HelpRequest) -> tuple[Any, Any] | None:
    place = help_request.help_point.settlement if help_request.help_point else help_request.resident.settlement
    home, there = volunteer.home.point, place.point
    return None if help_request.mode == Mode.PHONE_HELP or not home or not there else (home, there)


def way_of(volunteer: Volunteer, help_request: HelpRequest) -> tuple[int, Decimal]:
    """Minutes and kilometres of road from the volunteer's home."""
    return _way(volunteer, help_request), _km(volunteer, help_request)


def _way(volunteer: Volunteer, help_request: HelpRequest) -> int:
    points = _points(volunteer, help_request)
    return minutes_between(*points, volunteer.transport) if points else 0


def _km(volunteer: Volunteer, help_request: HelpRequest) -> Decimal:
    points = _points(volunteer, help_request)
    return Decimal(f"{road_km(*points):.1f}") if points else Decimal(0)


def _note(help_request: HelpRequest, reason: str, people: list[str]) -> None:
    """Why it is still open, for the coordinator's queue; written only when it changed."""
    if (help_request.unserved_reason, help_request.unserved_with) == (reason, people):
        return
    HelpRequest.objects.filter(pk=help_request.pk, state__in=[RequestState.OPEN, RequestState.PARTLY_STAFFED]).update(
        unserved_reason=reason, unserved_with=people
    )
