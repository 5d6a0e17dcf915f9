"""The ladder where one plan's choice is not enough: urgent requests ask the best few at once, the first yes wins;
and while a large round is still being made better, whoever said no is followed by the next in line all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet

from places.models import Municipality
from places.selectors import rules_of
from planning.models import PlanningDesk, PlanRound
from planning.services import snapshot, solver
from planning.services.publish import way_of
from requests.models import HelpRequest, Offer, VisitSeat
from requests.selectors.refusals import rungs_used
from requests.services import asking, offers
from requests.states import OPEN_FOR_OFFERS, NextStep, OfferState, RequestState, Urgency
from volunteers.models import Volunteer

log = logging.getLogger(__name__)
Json = dict[str, Any]
# The instant of minute 0, a problem, and a legal plan of it.
_Planned = tuple[datetime, Json, Json]
# The next in line does not wait for the best plan.
SECONDS = 2.0
# So many urgent requests are looked at after one round; the next round sees to the others.
MOST_URGENT = 5


@dataclass(frozen=True)
class _Way:
    """Who could take the open seats, when, and why, as the planner ranks them."""

    people: tuple[str, ...]
    start: datetime
    why: list[Json]


def waits(desk: PlanningDesk) -> bool:
    """Whether somebody's no is newer than the last plan: the next in line is asked without waiting for more news."""
    newer = Offer.objects.failed().filter(
        help_request__municipality=desk.municipality_id, help_request__state=RequestState.OPEN,
        help_request__next_step=NextStep.PLAN,
    )  # fmt: skip
    return newer.filter(answered_at__gt=desk.planned_at).exists()


def widen(plan_round: PlanRound, *, now: datetime) -> int:
    """Urgent requests ask as many at once as the rules say. Answers how many more were asked."""
    where, plan = plan_round.municipality, plan_round.plan or {}
    planned = {visit["request"] for visit in plan.get("visits", [])}
    promised = {promise["request"] for promise in plan_round.problem.get("promises", [])}
    urgent = HelpRequest.objects.filter(municipality=where, urgency=Urgency.TODAY, state__in=OPEN_FOR_OFFERS)
    most, made = rules_of(where).urgent_at_once, 0
    for row in _together(urgent.exclude(next_step=NextStep.DESK).order_by("opened_at")[:MOST_URGENT]):
        if str(row.pk) in planned - promised:
            # This very plan ranks the others as well.
            made += len(_ask(row, most, now, (plan_round.origin, plan_round.problem, plan)))
        elif str(row.pk) in promised and _lost_one_since(row):
            made += len(_ask(row, most, now))
    return made


def _lost_one_since(help_request: HelpRequest) -> bool:
    """Whether a no is newer than the last question."""
    of_this = Offer.objects.filter(help_request=help_request, attempt=help_request.attempt)
    asked = of_this.aggregate(last=Max("made_at"))["last"]
    return asked is not None and of_this.failed().filter(answered_at__gt=asked).exists()


def step_in(municipality: Municipality, *, now: datetime) -> int:
    """While the parts of a large round hold the desk: those whose invitation came to nothing ask the next."""
    desk = PlanningDesk.objects.filter(municipality=municipality).first()
    if desk is None or desk.parts_of is None or desk.planned_at is None:
        return 0
    rows = HelpRequest.objects.filter(
        municipality=municipality, state=RequestState.OPEN, next_step=NextStep.PLAN,
        offers__state__in=[OfferState.DECLINED, OfferState.EXPIRED], offers__answered_at__gt=desk.planned_at,
    ).distinct()  # fmt: skip
    return sum(len(_ask(row, 1, now)) for row in _together(rows.order_by("opened_at")[:MOST_URGENT]))


def _together(rows: QuerySet[HelpRequest]) -> list[HelpRequest]:
    return list(rows.select_related("municipality", "resident__settlement", "help_point__settlement", "service"))


def _ask(help_request: HelpRequest, most: int, now: datetime, planned: _Planned | None = None) -> list[Offer]:
    """Ask until so many are asked for every open seat, best first; ranked in `planned`, else anew."""
    rules = rules_of(help_request.municipality)
    waiting, open_seats = _standing(help_request)
    if all(waiting[seat] >= most for seat in open_seats) or rungs_used(help_request) >= rules.ladder_rungs:
        return []
    try:
        origin, problem, plan = planned or _planned_anew(help_request, now)
        ways = _ranked(origin, problem, plan, str(help_request.pk))
    except solver.SolverFailed as error:
        log.error("nobody more was asked for %s: %s", help_request.pk, error)
        return []
    people = {str(row.pk): row for row in _people(help_request)}
    enough = asking.asked_enough(people.values(), help_request, rules=rules, now=now)
    able = [way for way in ways if all(one in people and UUID(one) not in enough for one in way.people)]
    made: list[Offer] = []
    for seat, person, way in _choices(problem, help_request, able, open_seats, waiting, most):
        made += offers.make(
            help_request_id=help_request.pk, attempt=help_request.attempt, start=way.start,
            end=way.start + _length(help_request), seats_for=[_proposal(seat, people[person], help_request, way)],
            now=now, most_a_seat=most,
        )  # fmt: skip
    return made


def _standing(help_request: HelpRequest) -> tuple[dict[int, int], list[int]]:
    """How many are asked for each seat, and which seats nobody sits on."""
    of_this = {"help_request": help_request, "attempt": help_request.attempt}
    asked = list(Offer.objects.live().filter(**of_this).values_list("seat", flat=True))
    seats = VisitSeat.objects.filter(live=True, visit__help_request=help_request, visit__attempt=help_request.attempt)
    taken = set(seats.values_list("seat", flat=True))
    every = range(1, help_request.team + 1)
    return {seat: asked.count(seat) for seat in every}, [seat for seat in every if seat not in taken]


def _planned_anew(help_request: HelpRequest, now: datetime) -> _Planned:
    """A quick plan around everything that stands, as if nobody were asked for this one yet."""
    where = help_request.municipality
    taken = snapshot.take(where, now=now, also=help_request.pk, as_if_unasked=True)
    seconds = min(float(settings.SOLVER_SECONDS), SECONDS)
    return taken.origin, taken.problem, solver.solve(taken.problem, seconds=seconds, seed=rules_of(where).keep_seed)


def _ranked(origin: datetime, problem: Json, plan: Json, wanted: str) -> list[_Way]:
    if wanted not in {row["id"] for row in problem["requests"]}:
        return []
    return [
        _Way(tuple(entry["volunteers"]), origin + timedelta(minutes=entry["start"]), list(entry["why"]))
        for entry in solver.candidates(problem, plan, wanted)
        if not entry["why_not"] and entry["start"] is not None
    ]


def _choices(
    problem: Json,
    help_request: HelpRequest,
    ways: list[_Way],
    open_seats: list[int],
    waiting: dict[int, int],
    most: int,
) -> Iterator[tuple[int, str, _Way]]:
    """Seat, person and way, best first. Of a pair all stand at one hour, and on one seat whoever knows the service."""
    asked = _asked(help_request)
    left = {seat: most - waiting[seat] for seat in open_seats}
    skilled = _skilled(problem, help_request)
    everybody = set(asked)
    start = _hour_of_pair(help_request, ways) if len(open_seats) > 1 else None
    # Whoever of both seats says yes first, one of them must know it: one seat is only for those who do.
    seats = sorted(open_seats, key=lambda seat: not {one for one, on in asked.items() if on == seat} <= skilled)
    for way in ways:
        if start is not None and way.start != start:
            continue
        people = sorted(way.people, key=lambda person: person not in skilled)
        for seat, person in zip(seats, people, strict=False):
            if person not in everybody and left[seat] > 0:
                everybody.add(person)
                left[seat] -= 1
                yield seat, person, way


def _asked(help_request: HelpRequest) -> dict[str, int]:
    """Who is asked now, and for which seat."""
    live = Offer.objects.live().filter(help_request=help_request, attempt=help_request.attempt)
    return {str(person): seat for person, seat in live.values_list("volunteer_id", "seat")}


def _hour_of_pair(help_request: HelpRequest, ways: list[_Way]) -> datetime | None:
    """The hour others are asked for already, else the best one."""
    live = Offer.objects.live().filter(help_request=help_request, attempt=help_request.attempt)
    known: datetime | None = live.order_by("made_at").values_list("start", flat=True).first()
    return known or (ways[0].start if ways else None)


def _skilled(problem: Json, help_request: HelpRequest) -> set[str]:
    needs = {help_request.service.group_id} if help_request.service else set()
    return {row["id"] for row in problem["volunteers"] if needs <= set(row["skills"])}


def _people(help_request: HelpRequest) -> list[Volunteer]:
    rows = Volunteer.objects.active().filter(municipality=help_request.municipality_id)
    return list(rows.select_related("home", "contact"))


def _length(help_request: HelpRequest) -> timedelta:
    offer = Offer.objects.filter(help_request=help_request, attempt=help_request.attempt).order_by("-made_at").first()
    return offer.end - offer.start if offer else timedelta(minutes=help_request.minutes)


def _proposal(seat: int, person: Volunteer, help_request: HelpRequest, way: _Way) -> offers.SeatProposal:
    minutes, km = way_of(person, help_request)
    why = [reason for reason in way.why if reason.get("volunteer") == str(person.pk)]
    return offers.SeatProposal(seat=seat, volunteer_id=person.pk, travel_minutes=minutes, km=km, why=why)
