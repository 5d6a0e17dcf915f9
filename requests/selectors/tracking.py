"""What a person may read of their own request: the visit that stands, who comes, what happened."""

from __future__ import annotations

from dataclasses import dataclass

from requests.models import HelpRequest, JournalEntry, Visit, VisitSeat
from requests.states import Outcome, RequestState, VisitState

# A visit is told only where it is certain that it will be made, is being made or was made.
TOLD = frozenset({RequestState.SCHEDULED, RequestState.CONFIRMED, RequestState.IN_PROGRESS, RequestState.CLOSED})


@dataclass(frozen=True)
class Appointment:
    visit: Visit
    seats: list[VisitSeat]


def appointment_of(help_request: HelpRequest) -> Appointment | None:
    """The visit of this attempt with its people (two queries), or None while nothing is certain."""
    if help_request.state not in TOLD:
        return None
    rows = Visit.objects.filter(help_request=help_request, attempt=help_request.attempt)
    visit = rows.exclude(state__in=[VisitState.CANCELLED, VisitState.NO_SHOW]).order_by("-created_at").first()
    if visit is None:
        return None
    return Appointment(visit, list(visit.seats.filter(live=True).select_related("volunteer").order_by("seat")))


def ended_visit(help_request: HelpRequest) -> Visit | None:
    """The visit that was made in this attempt; None where there was none, or nobody was at home."""
    rows = Visit.objects.filter(help_request=help_request, attempt=help_request.attempt, state=VisitState.DONE)
    return rows.exclude(outcome=Outcome.NOBODY_HOME).first()


def happened(help_request: HelpRequest) -> list[JournalEntry]:
    """What the journal says of the request and its visits, the oldest first."""
    rows = JournalEntry.objects.filter(help_request_id=help_request.pk, subject_type__in=["help_request", "visit"])
    return list(rows.order_by("id"))
