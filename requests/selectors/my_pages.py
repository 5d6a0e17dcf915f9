"""What a volunteer's own pages show, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from core.clock import day_bounds, local_date, monday
from core.maps import Place, route_map
from places.models import Settlement
from places.travel import minutes as minutes_between
from places.travel import road_km
from requests.models import HelpRequest, JournalEntry, Offer, Visit, VisitSeat
from requests.states import VISIT_LIVE, Mode, OfferState, VisitState
from volunteers.models import Volunteer

TOGETHER = (
    "help_request__resident__settlement",
    "help_request__resident__contact",
    "help_request__service",
    "help_request__help_point__settlement",
    "help_request__escort_to",
    "help_request__municipality",
)


@dataclass(frozen=True)
class Leg:
    """One stop of a day's run, with the way to it."""

    visit: Visit
    km: float
    minutes: int
    number: int
    at_home: bool

    @property
    def is_next(self) -> bool:
        return self.number == 1


@dataclass(frozen=True)
class Day:
    """A volunteer's day: its stops, the way, when to set off and be home; neither where all is by phone."""

    day: date
    legs: list[Leg]
    km: float
    way_home_km: float
    way_home_minutes: int
    leaves: datetime | None
    returns: datetime | None


def place_of(help_request: HelpRequest) -> Settlement:
    """Where a visit is: the help point's village or the person's."""
    return help_request.help_point.settlement if help_request.help_point else help_request.resident.settlement


def live_offers(volunteer: Volunteer, now: datetime) -> QuerySet[Offer]:
    rows = Offer.objects.filter(volunteer=volunteer, state=OfferState.MADE, expires_at__gt=now)
    return rows.select_related(*TOGETHER).order_by("expires_at")


def offers_waiting(volunteer: Volunteer, now: datetime) -> int:
    return live_offers(volunteer, now).count()


def past_offers(volunteer: Volunteer) -> QuerySet[Offer]:
    rows = Offer.objects.filter(volunteer=volunteer).exclude(state=OfferState.MADE)
    return rows.select_related(*TOGETHER).order_by("-made_at")[:20]


def partner_of(offer: Offer) -> Volunteer | None:
    """Who else was asked for, or sits on, the other seat of a visit by two."""
    if offer.help_request.team < 2:
        return None
    rows = Offer.objects.filter(
        help_request=offer.help_request_id,
        attempt=offer.attempt,
        state__in=[OfferState.MADE, OfferState.ACCEPTED],
        start=offer.start,
    )
    other = rows.exclude(seat=offer.seat).select_related("volunteer").order_by("state").first()
    return other.volunteer if other else None


def visits_between(volunteer: Volunteer, first: date, days: int) -> list[Visit]:
    """Visits with a live seat of this volunteer that begin on the given local days, in order."""
    start, _end = day_bounds(first)
    _start, end = day_bounds(first + timedelta(days=days - 1))
    seats = VisitSeat.objects.filter(live=True).select_related("volunteer")
    rows = Visit.objects.filter(seats__volunteer=volunteer, seats__live=True, start__gte=start, start__lt=end)
    rows = rows.exclude(state__in=[VisitState.CANCELLED, VisitState.NO_SHOW])
    return list(rows.select_related(*TOGETHER).prefetch_related(Prefetch("seats", queryset=seats)).order_by("start"))


def has_set_out(visit: Visit) -> bool:
    """Whether somebody said that they are on the way to this visit as it stands now."""
    entries = JournalEntry.objects.filter(subject_type="visit", subject_id=visit.pk, verb="set_out")
    return entries.filter(facts__sequence=visit.sequence).exists()


def way_to(volunteer: Volunteer, visit: Visit) -> int:
    """Minutes of road from home, as the invitation said; 0 where they are not known."""
    seat = visit.seats.filter(live=True, volunteer=volunteer).select_related("offer").first()
    return seat.offer.travel_minutes if seat else 0


def unfinished(volunteer: Volunteer, now: datetime) -> list[Visit]:
    """Visits of earlier days that still wait for an outcome."""
    start, _end = day_bounds(local_date(now))
    rows = Visit.objects.filter(
        seats__volunteer=volunteer, seats__live=True, state__in=VISIT_LIVE, start__lt=start
    ).select_related(*TOGETHER)
    return list(rows.order_by("start"))


def day_of(volunteer: Volunteer, day: date, visits: list[Visit]) -> Day:
    """The run of one day: home, the stops in their order, home; help by phone is given from home."""
    legs: list[Leg] = []
    here: Settlement | None = None
    number = 0
    for visit in visits:
        first, last = _ends(visit.help_request)
        number += visit.state in (VisitState.SCHEDULED, VisitState.CONFIRMED, VisitState.CHECKED_IN)
        waits = number if visit.state != VisitState.DONE else 0
        legs.append(Leg(visit, *_way(volunteer, here, first), waits, first is None))
        here = last
    back_km, back = _way(volunteer, here, None)
    out = [leg for leg in legs if not leg.at_home]
    home_again = _way(volunteer, _ends(out[-1].visit.help_request)[1], None)[1] if out else 0
    return Day(
        day=day,
        legs=legs,
        km=sum(leg.km for leg in legs) + back_km,
        way_home_km=back_km,
        way_home_minutes=back,
        leaves=out[0].visit.start - timedelta(minutes=out[0].minutes) if out else None,
        returns=out[-1].visit.end + timedelta(minutes=home_again) if out else None,
    )


def week_of(volunteer: Volunteer, first: date) -> list[Day]:
    """Seven days from the Monday of the given day."""
    start = monday(first)
    visits = visits_between(volunteer, start, 7)
    by_day = {start + timedelta(days=offset): [] for offset in range(7)}  # type: dict[date, list[Visit]]
    for visit in visits:
        by_day[local_date(visit.start)].append(visit)
    return [day_of(volunteer, day, rows) for day, rows in by_day.items()]


def map_of(volunteer: Volunteer, stops: list[Settlement], *, label: str) -> str:
    """The road from home over the stops, drawn; empty where a place has no coordinates or is home itself."""
    settlements = list(Settlement.objects.filter(municipality=volunteer.municipality_id).located())
    places = [_dot(settlement) for settlement in settlements]
    known = {place.key for place in places}
    keys = [stop.pk for stop in stops]
    if volunteer.home_id not in known or not keys or not set(keys) <= known or set(keys) == {volunteer.home_id}:
        return ""
    return route_map(places, keys, start=volunteer.home_id, label=label)


def _dot(row: Settlement) -> Place:
    return Place(row.pk, row.name, float(row.latitude or 0), float(row.longitude or 0), row.population or 0)


def _ends(help_request: HelpRequest) -> tuple[Settlement | None, Settlement | None]:
    """Where a visit begins and where it ends; None is the volunteer's home."""
    if help_request.mode == Mode.PHONE_HELP:
        return None, None
    there = place_of(help_request)
    return there, (help_request.escort_to if help_request.mode == Mode.ESCORT else None) or there


def _way(volunteer: Volunteer, here: Settlement | None, there: Settlement | None) -> tuple[float, int]:
    """Kilometres and minutes of road; None is home, and from home to home there is no road."""
    if here is None and there is None:
        return 0.0, 0
    a, b = here or volunteer.home, there or volunteer.home
    if a.point is None or b.point is None:
        return 0.0, 0
    return (road_km(a.point, b.point) if a.pk != b.pk else 0.0), minutes_between(a.point, b.point, volunteer.transport)
