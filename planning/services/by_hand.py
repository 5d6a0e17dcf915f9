"""A choice by hand: who could come, ranked by the planner, and the coordinator's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.clock import local_date
from core.errors import DomainError
from places.selectors import rules_of
from planning.services import by_name, snapshot, solver
from planning.services.publish import seats_in_use, way_of
from planning.services.rounds import latest
from requests import unserved
from requests.models import HelpRequest, Offer, PersonRule, Visit
from requests.services import offers
from requests.services.actors import staff
from requests.states import OfferState, RuleKind
from volunteers.models import Certification, Volunteer
from volunteers.states import VolunteerStatus

Json = dict[str, Any]
# The page waits for it: a plan around the promises, not the best one.
SECONDS = 2.0


@dataclass(frozen=True)
class Candidate:
    """People for the open seats, their start, and codes of the planner; or who cannot, with `why_not`.

    Not `ranked`: the plan cannot say how good they are, nor how long the way is.
    """

    people: tuple[Volunteer, ...]
    start: datetime | None
    travel: int
    gain: int
    why: tuple[Json, ...]
    why_not: str
    ranked: bool = True


def candidates(help_request: HelpRequest, *, now: datetime) -> list[Candidate]:
    """Best first, then those who cannot come. Raises solver.SolverFailed.

    Where a village has no coordinates nothing is ranked: those who may come, by name, mostly without an hour.
    """
    if unserved.unknown_place(help_request) is not None:
        return _unranked(help_request, now)
    taken = snapshot.take(help_request.municipality, now=now, also=help_request.pk)
    wanted = str(help_request.pk)
    if wanted not in {row["id"] for row in taken.problem["requests"]}:
        return []
    ranked = solver.candidates(taken.problem, _plan(help_request, taken), wanted)
    rows = Volunteer.objects.filter(municipality=help_request.municipality).select_related("home", "contact")
    people = {str(row.pk): row for row in rows}
    return [_candidate(entry, people, taken.origin) for entry in ranked]


def _unranked(help_request: HelpRequest, now: datetime) -> list[Candidate]:
    if len(seats_in_use(help_request)) >= help_request.team:
        return []
    people, start = by_name.able(help_request, now=now)
    return [Candidate((person,), start, travel=0, gain=0, why=(), why_not="", ranked=False) for person in people]


def _plan(help_request: HelpRequest, taken: snapshot.Snapshot) -> Json:
    """The last round's plan where it was made from this very snapshot, else a quick one."""
    last = latest(help_request.municipality)
    if last is not None and last.snapshot_hash == taken.digest and last.plan is not None:
        plan: Json = last.plan
        return plan
    return solver.solve(taken.problem, seconds=SECONDS, seed=rules_of(help_request.municipality).keep_seed)


def _candidate(entry: Json, people: dict[str, Volunteer], origin: datetime) -> Candidate:
    start = entry["start"]
    return Candidate(
        people=tuple(people[key] for key in entry["volunteers"] if key in people),
        start=None if start is None else origin + timedelta(minutes=start),
        travel=entry["travel"] or 0,
        gain=entry["gain"] or 0,
        why=tuple(entry["why"]),
        why_not=entry["why_not"] or "",
    )


def assign(
    *,
    help_request: HelpRequest,
    people: Sequence[UUID],
    start: datetime,
    agreed: bool,
    by: User,
    now: datetime,
) -> list[Offer]:
    """Ask these people, or seat those who agreed on the phone.

    Raises DomainError: `does_not_fit`, `past`, `not_certified`, `blocked`, `another_hour`, `too_many`.
    """
    chosen = list(
        Volunteer.objects.filter(municipality=help_request.municipality_id, pk__in=people).select_related("home")
    )
    free = [seat for seat in range(1, help_request.team + 1) if seat not in seats_in_use(help_request)]
    if not chosen or len(chosen) != len(set(people)) or len(chosen) > len(free):
        raise DomainError(_("Изберете толкова хора, колкото места са свободни."), code="too_many")
    _check(help_request, chosen, start, now)
    proposals = [
        offers.SeatProposal(seat=seat, volunteer_id=person.pk, travel_minutes=minutes, km=km)
        for seat, person in zip(free, chosen, strict=False)
        for minutes, km in [way_of(person, help_request)]
    ]
    return offers.assign(
        help_request_id=help_request.pk, start=start, end=start + length_of(help_request), seats_for=proposals,
        agreed=agreed, actor=staff(by), now=now,
    )  # fmt: skip


def length_of(help_request: HelpRequest) -> timedelta:
    """How long the visit takes: as long as the one that stands, else as asked."""
    visit = Visit.objects.live().filter(help_request=help_request, attempt=help_request.attempt).first()
    return visit.end - visit.start if visit else timedelta(minutes=help_request.minutes)


def _check(help_request: HelpRequest, chosen: list[Volunteer], start: datetime, now: datetime) -> None:
    if start <= now:
        raise DomainError(_("Изберете час, който още не е минал."), code="past")
    if any(person.status != VolunteerStatus.ACTIVE for person in chosen):
        raise DomainError(_("Този доброволец сега не помага."), code="does_not_fit")
    visit = Visit.objects.live().filter(help_request=help_request, attempt=help_request.attempt).first()
    if visit is not None and visit.start != start:
        raise DomainError(_("Първият човек прие друг час. Оставете неговия."), code="another_hour")
    rules = PersonRule.objects.filter(resident=help_request.resident_id, kind=RuleKind.BLOCKED)
    if rules.filter(volunteer__in=chosen).exists():
        raise DomainError(_("Тези двама души не бива да се срещат."), code="blocked")
    if help_request.service is None:
        return
    seated = list(visit.seats.filter(live=True).values_list("volunteer_id", flat=True)) if visit else []
    asked = Offer.objects.filter(help_request=help_request, attempt=help_request.attempt, state=OfferState.MADE)
    team = [person.pk for person in chosen] + seated + list(asked.values_list("volunteer_id", flat=True))
    valid = Certification.objects.valid_on(local_date(start)).filter(service_group=help_request.service.group_id)
    if not valid.filter(volunteer__in=team).exists():
        raise DomainError(_("Тогава никой от тях няма удостоверение за услугата."), code="not_certified")
