"""From rows to `problem.json`: people, requests and promises in minutes from the first midnight.

Minutes are counted in UTC from local midnight of today, so both clock changes come out right.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from core.clock import day_bounds, local_date, monday
from places import osrm
from places.models import Municipality, Settlement
from places.travel import ASSUMED, TravelMode
from planning.selectors.rows import Rows, read
from planning.services import spans, weights
from planning.services.promises import Promises
from planning.services.reachable import Reachable
from planning.services.taught import Taught
from planning.services.wanted import share, windows_of
from requests.models import HelpRequest
from requests.states import Mode, RequestState, RuleKind
from volunteers.hours import free_intervals
from volunteers.models import Volunteer
from volunteers.states import VolunteerStatus

Json = dict[str, Any]
# Nobody is sent off at once: time to read the offer and to get going.
LEAD_MINUTES = 90
LEAD_MINUTES_URGENT = 45
# The clock is rounded, so that a snapshot taken a minute later is the same snapshot.
CLOCK_STEP = 30
# Nobody arranges to meet at 9:27.
START_STEP = 15
# Reasons that another choice of hours would not change.
HOPELESS = frozenset({"nobody_certified", "nobody_speaks", "all_blocked", "too_far"})


@dataclass(frozen=True)
class Snapshot:
    """`problem` as the format page says; minute 0 is `origin`."""

    origin: datetime
    problem: Json
    digest: str


def take(
    municipality: Municipality, *, now: datetime, also: UUID | None = None, as_if_unasked: bool = False
) -> Snapshot:
    """The state of one municipality as a problem for the solver; `also` as in `rows.read`.

    `as_if_unasked`: without the offers that `also` waits for, so that its seats are open.
    """
    today = local_date(now)
    origin, _next = day_bounds(today)
    rows = read(municipality, today, also=also)
    if as_if_unasked and also is not None:
        rows.offers.pop(also, None)
    problem = _Builder(rows, origin, now).build()
    text = json.dumps(problem, sort_keys=True, separators=(",", ":"))
    return Snapshot(origin, problem, hashlib.sha256(text.encode()).hexdigest())


class _Builder:
    """Gathers places as it goes: every person and help point has a place of their own."""

    def __init__(self, rows: Rows, origin: datetime, now: datetime) -> None:
        self.rows = rows
        self.origin = origin
        self.clock = -(-int((now - origin).total_seconds() // 60) // CLOCK_STEP) * CLOCK_STEP
        self.places: list[tuple[float, float]] = []
        self.index: dict[tuple[str, Any], int] = {}
        self.promises = Promises(rows, origin)
        self.taught = Taught(rows, origin)
        self.reachable = Reachable(rows, now)

    def build(self) -> Json:
        volunteers = [entry for row in self.rows.volunteers if (entry := self._volunteer(row)) is not None]
        known = {entry["id"] for entry in volunteers}
        promises = [promise for promise in self.promises.entries if set(promise["volunteers"]) <= known]
        promised = {promise["request"] for promise in promises}
        requests = self._requests(promised)
        kept = {entry["id"] for entry in requests}
        return {
            "format": "hvsp/1",
            "start_step": START_STEP,
            "places": {"lat_lon": [list(point) for point in self.places]},
            "travel": self._travel(),
            "weights": weights.WEIGHTS,
            "volunteers": volunteers,
            "requests": requests,
            "promises": [promise for promise in promises if promise["request"] in kept],
        }

    def _travel(self) -> Json:
        if settings.OSRM_URL:
            return {"matrix": {mode.value: self._matrix(mode) for mode in TravelMode}}
        return {"rule": ASSUMED.as_rule()}

    def _matrix(self, mode: TravelMode) -> list[list[int]]:
        """Minutes between all places; the server is asked once for people of one village."""
        points = list(dict.fromkeys(self.places))
        table = osrm.matrix(points, mode)
        at = [points.index(point) for point in self.places]
        near = ASSUMED.same_place_minutes
        return [[0 if i == j else near if a == b else table[a][b] for j, b in enumerate(at)] for i, a in enumerate(at)]

    def minute(self, moment: datetime) -> int:
        return int((moment - self.origin).total_seconds() // 60)

    def place(self, kind: str, key: Any, settlement: Settlement) -> int | None:
        """The place of one person or help point; None where the settlement's coordinates are unknown."""
        point = settlement.point
        if point is None:
            return None
        if (kind, key) not in self.index:
            self.index[kind, key] = len(self.places)
            self.places.append(point)
        return self.index[kind, key]

    def _volunteer(self, row: Volunteer) -> Json | None:
        until, skills = self._certified(row)
        home = self.place("volunteer", row.pk, row.home)
        if home is None or (until is None and not self.promises.busy.get(row.pk)):
            return None
        return {
            "id": str(row.pk),
            "home": home,
            "mode": row.transport,
            "skills": self.taught.sure_of(row, skills),
            "languages": sorted(row.languages) or ["bg"],
            "max_visits_per_week": row.weekly_limit,
            **({"wish_per_week": row.weekly_wish} if row.weekly_wish is not None else {}),
            "done": self._done(row),
            "max_leg": self.taught.longest_leg(row),
            "max_travel_per_shift": self.rows.rules.max_travel_per_shift,
            "shifts": self._shifts(row, until),
        }

    def _certified(self, row: Volunteer) -> tuple[date | None, list[str]]:
        """Until which day the volunteer is planned, and with which groups: these hold for all shifts of the problem.

        Where certifications end within the horizon it is either fewer days or fewer groups: whichever leaves more.
        """
        groups = self.rows.groups.get(row.pk, {}) if row.status == VolunteerStatus.ACTIVE else {}
        if not groups:
            return None, []
        last = self.rows.days[-1]

        def worth(until: date) -> tuple[int, date]:
            days = (min(until, last) - self.rows.today).days + 1
            return days * sum(end >= until for end in groups.values()), until

        until = max({min(end, last) for end in groups.values()}, key=worth)
        return until, sorted(group for group, end in groups.items() if end >= until)

    def _done(self, row: Volunteer) -> Json:
        first = monday(self.rows.today)
        done = self.rows.done.get(row.pk, {})
        return {str((week - first).days // 7): count for week, count in sorted(done.items()) if week >= first}

    def _shifts(self, row: Volunteer, certified_until: date | None) -> list[Json]:
        """Free hours on visiting days, while certified; the promised parts stand in shifts of their own or in these."""
        free = free_intervals(row.weekly_hours.all(), row.exceptions.all(), self.rows.today, len(self.rows.days))
        begin = self.clock + LEAD_MINUTES_URGENT
        if row.pk in self.rows.busy_until:
            begin = max(begin, self.minute(self.rows.busy_until[row.pk]) + LEAD_MINUTES_URGENT)
        if (told_at := self.reachable.later_than_now(row)) is not None:
            begin = max(begin, self.minute(told_at) + LEAD_MINUTES_URGENT)
        open_spans = [
            (max(self.minute(interval.start), begin), self.minute(interval.end))
            for interval in free
            if interval.day in self.rows.visiting and certified_until is not None and interval.day <= certified_until
        ]
        elsewhere = [(self.minute(start), self.minute(end)) for start, end in self.rows.elsewhere.get(row.pk, [])]
        open_spans = spans.cut(spans.merge(open_spans), elsewhere)
        return self.promises.shifts_of(row, self.taught.without_hours(row, open_spans))

    def _requests(self, promised: set[str]) -> list[Json]:
        found = []
        turn: dict[UUID, list[HelpRequest]] = {}
        # Whom nobody could serve in the last plan lets the person's other requests choose first.
        for row in sorted(self.rows.requests, key=lambda row: row.unserved_reason in HOPELESS):
            if str(row.pk) not in promised and row.state == RequestState.OPEN:
                turn.setdefault(row.resident_id, []).append(row)
        for row in self.rows.requests:
            siblings = turn.get(row.resident_id, [])
            order = (siblings.index(row), len(siblings)) if row in siblings else (0, 1)
            entry = self._request(row, str(row.pk) in promised, order)
            if entry is not None:
                found.append(entry)
        return found

    def _request(self, row: HelpRequest, is_promised: bool, turn: tuple[int, int]) -> Json | None:
        if not is_promised and row.state != RequestState.OPEN and row.pk != self.rows.also:
            return None
        lead = LEAD_MINUTES_URGENT if row.urgency == "today" else LEAD_MINUTES
        found = windows_of(row, self.rows, self.origin, self.clock + lead)
        found = spans.cut(found, self.promises.of_resident.get(row.resident_id, []))
        found = share(found, *turn, minutes=row.minutes)
        if not found and not is_promised:
            # Still asked of the solver, which says `no_common_hours`; a window nobody can meet keeps the format.
            found = [(-2 * row.minutes, -row.minutes)]
        people = self.rows.rules_of_people.get(row.resident_id, [])
        blocked = {rule.volunteer_id for rule in people if rule.kind == RuleKind.BLOCKED}
        blocked |= self.rows.said_no.get(row.pk, set()) | self.taught.refuse(row)
        earlier = self.rows.earlier.get(row.resident_id)
        age = self.origin + timedelta(minutes=self.clock) - (row.opened_at or row.created_at)
        entry: Json = {
            "id": str(row.pk),
            "skills": [row.service.group_id] if row.service else [],
            "language": row.language,
            "duration": self.promises.length.get(str(row.pk), row.minutes),
            "windows": [list(span) for span in found] or [[0, 1]],
            "prize": weights.prize(
                urgency=row.urgency, age=age, deadline=row.deadline, today=self.rows.today,
                rules=self.rows.rules, horizon_days=len(self.rows.days),
            ),
            "released_day": max((row.not_before - self.rows.today).days, 0) if row.not_before else 0,
            "team": 1 if row.mode == Mode.PHONE_HELP else row.team,
            "kind": row.mode,
            "preferred": sorted(str(rule.volunteer_id) for rule in people if rule.kind == RuleKind.PREFERRED),
            "blocked": sorted(map(str, blocked)),
            "earlier": str(earlier) if earlier else None,
        }  # fmt: skip
        return self._placed(row, entry)

    def _placed(self, row: HelpRequest, entry: Json) -> Json | None:
        if row.mode == Mode.PHONE_HELP:
            return entry
        if row.mode == Mode.HELP_POINT and row.help_point is not None:
            place = self.place("help_point", row.help_point_id, row.help_point.settlement)
        else:
            place = self.place("resident", row.resident_id, row.resident.settlement)
        if place is None:
            return None
        entry["place"] = place
        if row.mode == Mode.ESCORT and row.escort_to is not None:
            end = self.place("settlement", row.escort_to_id, row.escort_to)
            if end is None:
                return None
            entry["end_place"] = end
        return entry
