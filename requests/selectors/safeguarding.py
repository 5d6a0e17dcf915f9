"""What the safeguarding lead looks at: who called for help at a door, and who is kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.models import Membership
from notifications.models import DeskTask
from notifications.states import TaskKind
from requests.models import PersonRule, Visit, VisitSeat
from requests.selectors.access import visible_requests
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
