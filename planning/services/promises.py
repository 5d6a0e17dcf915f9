"""What stands: visits that were agreed and offers that wait for an answer, as promises with shifts that hold them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import local_date, monday
from planning.selectors.rows import Rows
from planning.services import spans
from planning.services.ways import minutes
from requests.models import HelpRequest
from requests.states import Mode
from volunteers.models import Volunteer

Json = dict[str, Any]


@dataclass(frozen=True)
class _Held:
    """One promised stretch of a volunteer: the way there, the visit, the way back."""

    request: str
    start: int
    end: int
    room: spans.Span


class Promises:
    """Reads live visits and offers once; then `shifts_of` gives every promise a shift, and `entries` is complete."""

    def __init__(self, rows: Rows, origin: datetime) -> None:
        self.rows = rows
        self.origin = origin
        self.busy: dict[UUID, list[_Held]] = defaultdict(list)
        self.of_resident: dict[UUID, list[spans.Span]] = defaultdict(list)
        # Asked as well for a seat somebody else is asked for, or for another hour: their time is kept free.
        self.kept_free: dict[UUID, list[spans.Span]] = defaultdict(list)
        self.people: dict[str, list[UUID]] = {}
        self.start: dict[str, int] = {}
        self.length: dict[str, int] = {}
        self.shift: dict[tuple[str, UUID], str] = {}
        homes = {volunteer.pk: volunteer for volunteer in rows.volunteers}
        for row in rows.requests:
            self._read(row, homes)

    @property
    def entries(self) -> list[Json]:
        """The promises of the problem; ask after `shifts_of` was called for every volunteer."""
        return [
            {
                "request": request,
                "volunteers": [str(person) for person in people],
                "shifts": [self.shift[request, person] for person in people],
                "start": self.start[request],
            }
            for request, people in self.people.items()
            if all((request, person) in self.shift for person in people)
        ]

    def _read(self, row: HelpRequest, homes: dict[UUID, Volunteer]) -> None:
        """Seats that are taken, then offers for the other seats: one person a seat."""
        visit = self.rows.visits.get(row.pk)
        people: dict[int, UUID] = {}
        start = end = None
        if visit is not None:
            start, end = visit.start, visit.end
            people = {seat.seat: seat.volunteer_id for seat in visit.seats.all() if seat.live}
        for offer in self.rows.offers.get(row.pk, []):
            start, end = start or offer.start, end or offer.end
            same = offer.attempt == row.attempt and (offer.start, offer.end) == (start, end)
            if (
                not (same and people.setdefault(offer.seat, offer.volunteer_id) == offer.volunteer_id)
                and offer.volunteer_id in homes
            ):
                way = self._way(row, homes[offer.volunteer_id])
                kept = (self._minute(offer.start) - way, self._minute(offer.end) + way)
                self.kept_free[offer.volunteer_id].append(kept)
        here = [person for _seat, person in sorted(people.items()) if person in homes]
        if start is None or end is None or not here:
            return
        first, last = self._minute(start), self._minute(end)
        self.people[str(row.pk)], self.start[str(row.pk)] = here, first
        self.length[str(row.pk)] = last - first
        self.of_resident[row.resident_id].append((first, last))
        for person in here:
            way = self._way(row, homes[person])
            held = _Held(str(row.pk), first, last, (first - way, last + way))
            self.busy[person].append(held)

    def _way(self, row: HelpRequest, volunteer: Volunteer) -> int:
        """Minutes from home to the visit, with five to spare; the shift must be wide enough for the way."""
        if row.mode == Mode.PHONE_HELP:
            return 0
        place = row.help_point.settlement if row.help_point else row.resident.settlement
        there = [place, row.escort_to] if row.mode == Mode.ESCORT else [place]
        ways = [
            minutes(*leg, volunteer) for end in there if end for leg in ((volunteer.home, end), (end, volunteer.home))
        ]
        return max((way for way in ways if way is not None), default=0) + 5

    def shifts_of(self, row: Volunteer, free: list[spans.Span]) -> list[Json]:
        """The volunteer's shifts: free hours where they hold a promise whole; closed ones for the other promises."""
        held = self.busy.get(row.pk, [])
        free = spans.cut(free, self.kept_free.get(row.pk, []))
        closed: list[spans.Span] = []
        while outside := [one for one in held if not _inside(one.room, spans.cut(free, closed) + closed)]:
            closed = spans.merge([*closed, *(one.room for one in outside)])
        found = [self._shift(row, span, is_closed=False) for span in spans.cut(free, closed)]
        found += [self._shift(row, span, is_closed=True) for span in closed]
        for one in held:
            for shift in found:
                if shift["start"] <= one.room[0] and one.room[1] <= shift["end"]:
                    self.shift[one.request, row.pk] = shift["id"]
        return sorted(found, key=lambda shift: int(shift["start"]))

    def _shift(self, row: Volunteer, span: spans.Span, *, is_closed: bool) -> Json:
        day = local_date(self._moment(span[0]))
        week = (monday(day) - monday(self.rows.today)).days // 7
        shift: Json = {
            "id": f"{row.pk}:{span[0]}",
            "start": span[0],
            "end": span[1],
            "week": week,
            "day": (day - self.rows.today).days,
        }
        return shift | ({"closed": True} if is_closed else {})

    def _minute(self, moment: datetime) -> int:
        return int((moment - self.origin).total_seconds() // 60)

    def _moment(self, minute: int) -> datetime:
        return self.origin + timedelta(minutes=minute)


def _inside(room: spans.Span, pieces: list[spans.Span]) -> bool:
    return any(start <= room[0] and room[1] <= end for start, end in pieces)
