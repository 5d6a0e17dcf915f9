"""The fortnight as a table: volunteers × days, what was, what is promised, what the plan proposes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Membership
from core.clock import day_bounds, local_date, monday
from planning.models import PlanRound
from requests.models import HelpRequest, Offer, VisitSeat
from requests.selectors.access import visible_requests
from requests.states import Mode, RequestState, VisitState
from volunteers.models import Volunteer
from volunteers.selectors import free_times_of
from volunteers.states import VolunteerStatus

DAYS = 14


@dataclass(frozen=True)
class Cell:
    """`kind`: `done`, `promised`, `may` (proposed or asked), `bad` (the second person is missing)."""

    start: datetime
    place: str
    kind: str
    request_id: UUID


@dataclass(frozen=True)
class DayOf:
    day: date
    cells: list[Cell]
    off: bool


@dataclass(frozen=True)
class Line:
    volunteer: Volunteer
    days: list[DayOf]
    this_week: int


@dataclass
class Board:
    """`unplaced` are open requests without anybody in the fortnight."""

    days: list[date]
    lines: list[Line] = field(default_factory=list)
    unplaced: list[HelpRequest] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """Visits of one kind; a pair counts once."""
        found = {(cell.request_id, cell.start) for line in self.lines for day in line.days for cell in day.cells
                 if cell.kind == kind}  # fmt: skip
        return len(found)


Cells = dict[tuple[UUID, date], list[Cell]]


def fortnight(membership: Membership, first: date, now: datetime) -> Board:
    """The board of 14 days from `first`, in a constant number of queries."""
    days = [first + timedelta(days=offset) for offset in range(DAYS)]
    requests = visible_requests(membership)
    cells: Cells = defaultdict(list)
    taken: set[tuple[UUID, UUID]] = set()
    bounds = day_bounds(days[0])[0], day_bounds(days[-1])[1]
    _seated(requests, bounds, cells, taken)
    _asked(requests, bounds, cells, taken)
    last = PlanRound.objects.filter(municipality=membership.municipality_id, plan__isnull=False).defer("problem")
    plan_round = last.order_by("-started_at").first()
    open_requests = {row.pk: row for row in requests.filter(state__in=[RequestState.OPEN, RequestState.PARTLY_STAFFED])}
    placed = _proposed(plan_round, open_requests, bounds, cells, taken)
    board = Board(days)
    board.lines = _lines(membership, days, cells, now)
    waiting = [row for row in open_requests.values() if row.state == RequestState.OPEN and row.pk not in placed]
    board.unplaced = sorted(waiting, key=lambda row: (row.deadline or date.max, row.number))
    return board


def _place(row: HelpRequest) -> str:
    point = row.help_point if row.mode == Mode.HELP_POINT else None
    return str((point or row.resident).settlement.name)


def _seated(requests: Any, bounds: tuple[datetime, datetime], cells: Cells, taken: set[tuple[UUID, UUID]]) -> None:
    rows = VisitSeat.objects.filter(
        live=True, start__gte=bounds[0], start__lt=bounds[1], visit__help_request__in=requests.order_by().values("pk")
    ).select_related("visit__help_request__resident__settlement", "visit__help_request__help_point__settlement")
    for seat in rows.order_by("start"):
        row = seat.visit.help_request
        kind = "promised"
        if seat.visit.state == VisitState.DONE:
            kind = "done"
        elif row.state == RequestState.PARTLY_STAFFED:
            kind = "bad"
        taken.add((row.pk, seat.volunteer_id))
        cells[seat.volunteer_id, local_date(seat.start)].append(Cell(seat.start, _place(row), kind, row.pk))


def _asked(requests: Any, bounds: tuple[datetime, datetime], cells: Cells, taken: set[tuple[UUID, UUID]]) -> None:
    rows = Offer.objects.live().filter(
        start__gte=bounds[0], start__lt=bounds[1], help_request__in=requests.order_by().values("pk")
    )
    for offer in rows.select_related(
        "help_request__resident__settlement", "help_request__help_point__settlement"
    ).order_by("start"):
        row = offer.help_request
        taken.add((row.pk, offer.volunteer_id))
        cells[offer.volunteer_id, local_date(offer.start)].append(Cell(offer.start, _place(row), "may", row.pk))


def _proposed(
    plan_round: PlanRound | None,
    open_requests: dict[UUID, HelpRequest],
    bounds: tuple[datetime, datetime],
    cells: Cells,
    taken: set[tuple[UUID, UUID]],
) -> set[UUID]:
    """What the last plan would add to what stands; returns the requests it has somebody for."""
    placed: set[UUID] = set()
    for visit in (plan_round.plan or {}).get("visits", []) if plan_round else []:
        row = open_requests.get(UUID(visit["request"]))
        start = plan_round.origin + timedelta(minutes=visit["start"])  # type: ignore[union-attr]
        if row is None or not bounds[0] <= start < bounds[1]:
            continue
        placed.add(row.pk)
        for person in map(UUID, visit["volunteers"]):
            if (row.pk, person) not in taken:
                cells[person, local_date(start)].append(Cell(start, _place(row), "may", row.pk))
    return placed


def _lines(membership: Membership, days: list[date], cells: Cells, now: datetime) -> list[Line]:
    busy = {volunteer_id for volunteer_id, _day in cells}
    rows = Volunteer.objects.filter(municipality=membership.municipality_id).order_by("badge")
    people = [row for row in rows if row.status == VolunteerStatus.ACTIVE or row.pk in busy]
    free: dict[UUID, set[date]] = {
        key: {one.day for one in intervals} for key, intervals in free_times_of(people, days[0], len(days)).items()
    }
    this = monday(local_date(now))
    found = []
    for person in people:
        of = [DayOf(day, sorted(cells.get((person.pk, day), []), key=lambda cell: cell.start),
                    day not in free[person.pk]) for day in days]  # fmt: skip
        week = sum(cell.kind != "may" for one in of if monday(one.day) == this for cell in one.cells)
        found.append(Line(person, of, week))
    return found
