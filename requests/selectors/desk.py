"""What the clerk sees of the person on the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from random import SystemRandom

from places.models import Coverage
from places.selectors import coverage_of
from requests.models import HelpRequest, Resident, VisitSeat
from requests.states import VisitState
from volunteers.models import Volunteer

EARLIER = 6
# Offered when the person asks for an example; they may take it or say their own.
WORDS = "люляк здравец чешма вишна сливак гергина орех божур калинка малина дюля бъз".split()  # noqa: SIM905


@dataclass(frozen=True)
class Known:
    """The person, their earlier requests, whom they know, what the line is like."""

    resident: Resident
    earlier: list[HelpRequest]
    acquaintances: list[tuple[Volunteer, int]]
    coverage: Coverage
    last_word: str


def known(resident: Resident) -> Known:
    earlier = list(
        HelpRequest.objects.filter(resident=resident).select_related("service").order_by("-created_at")[:EARLIER]
    )
    words = [row.safe_word for row in earlier if row.safe_word]
    return Known(
        resident=resident,
        earlier=earlier,
        acquaintances=_acquaintances(resident),
        coverage=coverage_of(resident.settlement),
        last_word=words[0] if words else "",
    )


def _acquaintances(resident: Resident) -> list[tuple[Volunteer, int]]:
    seats = VisitSeat.objects.filter(live=True, visit__help_request__resident=resident, visit__state=VisitState.DONE)
    met: dict[object, list[Volunteer]] = {}
    for seat in seats.select_related("volunteer").order_by("-start"):
        met.setdefault(seat.volunteer_id, []).append(seat.volunteer)
    return [(visits[0], len(visits)) for visits in met.values()][:3]


def example_word() -> str:
    return SystemRandom().choice(WORDS)
