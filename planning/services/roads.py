"""Agreed visits of one person that the road does not join: which is not reached in time, from where, by how much.

The solver says which shifts are in conflict. Only what two agreed visits make impossible is told: an offer may still
be declined, and how wide a shift is drawn around its visits is our own affair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

from planning.models import PlanRound
from planning.services.ways import ends, minutes
from requests.models import HelpRequest, VisitSeat
from requests.states import VisitState
from volunteers.models import Volunteer

Json = dict[str, Any]


def too_short(plan_round: PlanRound) -> dict[UUID, Json]:
    """The later visit's request → `volunteers`, the `place` (its code) they come from, `minutes` of way, `have`.

    A request once, with whoever lacks most.
    """
    shifts = set((plan_round.plan or {}).get("promise_conflicts", []))
    runs: dict[str, list[Json]] = defaultdict(list)
    for promise in plan_round.problem.get("promises", []):
        for person, shift in zip(promise["volunteers"], promise["shifts"], strict=True):
            if shift in shifts:
                runs[person].append(promise)
    if not runs:
        return {}
    rows, people = _requests(runs), {str(row.pk): row for row in _people(runs)}
    agreed = _agreed(rows)
    length = {row["id"]: row["duration"] for row in plan_round.problem["requests"]}
    found: dict[UUID, Json] = {}
    for person, run in sorted(runs.items()):
        stand = [promise for promise in run if (promise["request"], person) in agreed]
        for later, facts in _pairs(stand, people[person], rows, length):
            if later not in found or _lack(facts) > _lack(found[later]):
                found[later] = facts
    return found


def _pairs(
    run: list[Json], person: Volunteer, rows: dict[str, HelpRequest], length: dict[str, int]
) -> Iterator[tuple[UUID, Json]]:
    for one, two in pairwise(sorted(run, key=lambda promise: int(promise["start"]))):
        # Who helps by phone is at home.
        here = ends(rows[one["request"]])[1] or person.home
        there = ends(rows[two["request"]])[0] or person.home
        have = two["start"] - one["start"] - length[one["request"]]
        way = minutes(here, there, person)
        if way is not None and way > have:
            facts = {"volunteers": [str(person.pk)], "place": here.pk, "minutes": way, "have": max(0, have)}
            yield UUID(two["request"]), facts


def _lack(facts: Json) -> int:
    return int(facts["minutes"] - facts["have"])


def _requests(runs: dict[str, list[Json]]) -> dict[str, HelpRequest]:
    ids = {promise["request"] for run in runs.values() for promise in run}
    rows = HelpRequest.objects.filter(pk__in=ids).select_related(
        "resident__settlement", "help_point__settlement", "escort_to"
    )
    return {str(row.pk): row for row in rows}


def _people(runs: dict[str, list[Json]]) -> list[Volunteer]:
    return list(Volunteer.objects.filter(pk__in=list(runs)).select_related("home"))


def _agreed(rows: dict[str, HelpRequest]) -> set[tuple[str, str]]:
    seats = VisitSeat.objects.filter(
        live=True, visit__help_request__in=list(rows), visit__state__in=[VisitState.SCHEDULED, VisitState.CONFIRMED]
    )
    return {(str(row), str(person)) for row, person in seats.values_list("visit__help_request_id", "volunteer_id")}
