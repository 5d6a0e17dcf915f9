"""Three figures of the week for the coordinator's day: visits, waiting, the queue. Four queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count

from accounts.models import Membership
from core.clock import day_bounds, local_date, monday
from requests.models import Visit
from requests.selectors.access import visible_requests
from requests.states import LIVE, RequestState, VisitState

WEEKS = 8
AGREED = (RequestState.SCHEDULED, RequestState.CONFIRMED, RequestState.IN_PROGRESS)
ASKED = (RequestState.OFFERED, RequestState.PARTLY_STAFFED)


@dataclass(frozen=True)
class Day:
    day: date
    done: int
    promised: int


@dataclass(frozen=True)
class Week:
    """`waiting` is the median of whole and tenths of days by week, the oldest first, None without a visit."""

    days: list[Day]
    waiting: list[tuple[date, float | None]]
    states: dict[str, int]

    @property
    def visits(self) -> int:
        return sum(day.done + day.promised for day in self.days)

    @property
    def live(self) -> int:
        return sum(self.states.values())

    @property
    def agreed(self) -> int:
        return sum(self.states.get(state, 0) for state in AGREED)

    @property
    def asked(self) -> int:
        return sum(self.states.get(state, 0) for state in ASKED)

    @property
    def searching(self) -> int:
        return self.live - self.agreed - self.asked

    @property
    def last_waiting(self) -> float | None:
        return next((days for _week, days in reversed(self.waiting) if days is not None), None)


def week(membership: Membership, now: datetime) -> Week:
    """The present week and the seven before it, of the requests this desk may see."""
    return Week(_days(membership, now), _waiting(membership, now), _states(membership))


def _visits(membership: Membership):  # type: ignore[no-untyped-def]
    return Visit.objects.filter(help_request__in=visible_requests(membership).values("pk"))


def _days(membership: Membership, now: datetime) -> list[Day]:
    first = monday(local_date(now))
    start, end = day_bounds(first)[0], day_bounds(first + timedelta(days=6))[1]
    counts: dict[date, list[int]] = {first + timedelta(days=offset): [0, 0] for offset in range(7)}
    states = [VisitState.DONE, VisitState.CHECKED_IN, VisitState.SCHEDULED, VisitState.CONFIRMED]
    rows = _visits(membership).filter(start__gte=start, start__lt=end, state__in=states)
    for begins, state in rows.values_list("start", "state"):
        counts[local_date(begins)][state in (VisitState.SCHEDULED, VisitState.CONFIRMED)] += 1
    days = [Day(day, done, promised) for day, (done, promised) in counts.items()]
    # Weekends only where somebody visits.
    return [one for one in days if one.day.weekday() < 5 or one.done or one.promised]


def _waiting(membership: Membership, now: datetime) -> list[tuple[date, float | None]]:
    last = monday(local_date(now))
    weeks = [last - timedelta(days=7 * back) for back in range(WEEKS - 1, -1, -1)]
    waited: dict[date, list[float]] = {one: [] for one in weeks}
    rows = _visits(membership).filter(
        state=VisitState.DONE, checked_in_at__gte=day_bounds(weeks[0])[0], help_request__opened_at__isnull=False
    )
    for began, opened in rows.values_list("checked_in_at", "help_request__opened_at"):
        if (monday_of := monday(local_date(began))) in waited:
            waited[monday_of].append(max((began - opened).total_seconds(), 0.0) / 86400)
    return [(one, round(median(days), 1) if days else None) for one, days in waited.items()]


def _states(membership: Membership) -> dict[str, int]:
    rows = visible_requests(membership).filter(state__in=LIVE).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))
