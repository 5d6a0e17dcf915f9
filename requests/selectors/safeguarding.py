"""What the safeguarding lead looks at: who called for help at a door, and who is kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Membership
from notifications.models import DeskTask
from notifications.states import TaskKind
from requests.models import Evidence, PersonRule, Visit, VisitSeat
from requests.selectors.access import opened, visible_requests
from requests.states import RuleKind

# A visit at which something may have happened to one of the two.
KINDS = (TaskKind.HELP_NEEDED, TaskKind.CHECKOUT_OVERDUE, TaskKind.NO_SHOW)


@dataclass(frozen=True)
class AtTheDoor:
    task: DeskTask
    visit: Visit
    volunteers: list[str]


def at_the_door(membership: Membership) -> QuerySet[DeskTask]:
    """Calls for help, visits not ended and not begun: open and done, the newest first."""
    rows = DeskTask.objects.filter(municipality=membership.municipality_id, kind__in=KINDS, subject_type="visit")
    return rows.select_related("done_by").order_by("-created_at", "pk")


def with_visits(membership: Membership, tasks: Iterable[DeskTask]) -> list[AtTheDoor]:
    """Each with its visit, request and who sat there; two queries for any number."""
    tasks = list(tasks)
    seats = Prefetch("seats", VisitSeat.objects.select_related("volunteer"))
    mine = visible_requests(membership).select_related(None).values("pk")
    rows = Visit.objects.filter(pk__in=[task.subject_id for task in tasks], help_request__in=mine)
    visits = rows.select_related("help_request__resident__settlement").prefetch_related(seats).in_bulk()
    return [
        AtTheDoor(task, visits[task.subject_id], [seat.volunteer.name for seat in visits[task.subject_id].seats.all()])
        for task in tasks
        if task.subject_id in visits
    ]


@dataclass(frozen=True)
class Incident:
    """One call from a door: about which visit, what the desk did, who is kept apart, what lies sealed of the people."""

    task: DeskTask
    visit: Visit
    seats: list[VisitSeat]
    # Every such call about this visit, the first one first: when, and what came of it.
    calls: list[DeskTask]
    apart: list[PersonRule]
    # Kind and days alone; the content opens with a reason.
    sealed: list[Evidence]


def access_incident(membership: Membership, pk: UUID) -> Incident:
    """One of `at_the_door` with what belongs to it. Http404 outside the reader's municipality and villages; noted."""
    task = get_object_or_404(at_the_door(membership), pk=pk)
    mine = visible_requests(membership).select_related(None).values("pk")
    rows = Visit.objects.filter(help_request__in=mine)
    visit = get_object_or_404(
        rows.select_related("help_request__resident__settlement", "help_request__service"), pk=task.subject_id
    )
    opened(visit.help_request)
    # Also who gave the seat back: they may have been at the door.
    seats = list(visit.seats.select_related("volunteer"))
    volunteers = [seat.volunteer_id for seat in seats]
    resident = visit.help_request.resident_id
    calls = at_the_door(membership).filter(subject_id=visit.pk).order_by("created_at", "pk")
    apart = kept_apart(membership).filter(resident=resident, volunteer__in=volunteers)
    sealed = Evidence.objects.filter(municipality=membership.municipality_id, person_id__in=[resident, *volunteers])
    newest = sealed.defer("body").order_by("-created_at", "pk")
    return Incident(task, visit, seats, list(calls), list(apart), list(newest))


def kept_apart(membership: Membership) -> QuerySet[PersonRule]:
    """Rules „not together“, the newest first."""
    rows = PersonRule.objects.filter(resident__municipality=membership.municipality_id, kind=RuleKind.BLOCKED)
    return rows.select_related("resident__settlement", "volunteer").order_by("-created_at", "pk")


@dataclass(frozen=True)
class Apart:
    rule: PersonRule
    # The person's newest request, through whose page the rule is changed.
    help_request_id: UUID | None


def with_requests(membership: Membership, rules: Iterable[PersonRule]) -> list[Apart]:
    """Each with the newest request of the person; one query for any number."""
    rules = list(rules)
    rows = visible_requests(membership).filter(resident__in=[rule.resident_id for rule in rules])
    newest: dict[UUID, UUID] = dict(rows.order_by("created_at").values_list("resident_id", "pk"))
    return [Apart(rule, newest.get(rule.resident_id)) for rule in rules]
