"""The rows one planning round is made from, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from core.clock import SOFIA, monday
from places.models import HelpPoint, Municipality, MunicipalityRules
from places.selectors import rules_of, visiting_days
from requests.models import HelpRequest, JournalEntry, Offer, PersonRule, Visit, VisitSeat
from requests.selectors.refusals import said_no
from requests.states import (
    BEFORE_VISIT,
    ENDED,
    SIGN_IN,
    VISIT_LIVE,
    NextStep,
    RequestState,
    VisitState,
)
from volunteers.models import Certification, Lesson, Volunteer
from volunteers.selectors import lessons_of
from volunteers.states import VolunteerStatus

# Reading more would not change the plan: an older visit says nothing about this fortnight.
KNOWN_SINCE = timedelta(days=730)


@dataclass
class Rows:
    municipality: Municipality
    rules: MunicipalityRules
    today: date
    days: list[date]
    visiting: set[date]
    volunteers: list[Volunteer]
    groups: dict[UUID, dict[str, date]]
    requests: list[HelpRequest]
    visits: dict[UUID, Visit]
    offers: dict[UUID, list[Offer]]
    said_no: dict[UUID, set[UUID]]
    rules_of_people: dict[UUID, list[PersonRule]]
    earlier: dict[UUID, UUID]
    done: dict[UUID, dict[date, int]]
    busy_until: dict[UUID, datetime]
    # When the same people are expected in other municipalities: bare intervals, nothing else crosses.
    elsewhere: dict[UUID, list[tuple[datetime, datetime]]]
    lessons: dict[UUID, list[Lesson]]
    # The OPEN request that is read although planning leaves it to the coordinator.
    also: UUID | None


def change_token(municipality: Municipality) -> str:
    """Changes whenever something happened that a plan could depend on."""
    entries = JournalEntry.objects.filter(municipality=municipality).exclude(subject_type=SIGN_IN)
    journal = entries.aggregate(last=Max("id"))["last"]
    people = Volunteer.objects.filter(municipality=municipality).aggregate(last=Max("updated_at"), number=Count("id"))
    others = _seats_elsewhere(municipality).aggregate(last=Max("id"), number=Count("id"))
    here = f"{journal}:{people['last'].isoformat() if people['last'] else ''}:{people['number']}"
    return f"{here}:{others['last']}:{others['number']}" if others["number"] else here


def read(municipality: Municipality, today: date, *, also: UUID | None = None) -> Rows:
    """Everything a round needs. Personal text stays sealed: only ids, places and times are used.

    `also` is an OPEN request that is read although planning leaves it to the coordinator.
    """
    rules = rules_of(municipality)
    days = [today + timedelta(days=offset) for offset in range(rules.planning_horizon_days)]
    requests = _requests(municipality, also)
    ids = [help_request.pk for help_request in requests]
    return Rows(
        municipality=municipality,
        rules=rules,
        today=today,
        days=days,
        visiting=set(visiting_days(municipality, days, rules=rules)),
        volunteers=_volunteers(municipality),
        groups=_groups(municipality, today),
        requests=requests,
        visits=_visits(ids),
        offers=_grouped(Offer.objects.live().filter(help_request__in=ids).order_by("seat", "made_at")),
        said_no=said_no(ids),
        rules_of_people=_person_rules(municipality),
        earlier=_earlier(municipality, today),
        done=_done(municipality, today),
        busy_until=_busy_until(municipality),
        elsewhere=_elsewhere(municipality, today),
        lessons=lessons_of(municipality, today),
        also=also,
    )


def _volunteers(municipality: Municipality) -> list[Volunteer]:
    """Who helps now, and who helps no more but still has a visit or an offer that stands."""
    promised = VisitSeat.objects.filter(live=True, visit__state__in=VISIT_LIVE).values("volunteer")
    rows = Volunteer.objects.filter(
        Q(status=VolunteerStatus.ACTIVE) | Q(pk__in=promised) | Q(pk__in=Offer.objects.live().values("volunteer")),
        municipality=municipality,
    )
    # Of equals the solver takes the first: whoever was asked least recently.
    rows = rows.annotate(asked_last=Max("offers__made_at")).select_related("home", "contact")
    rows = rows.order_by(F("asked_last").asc(nulls_first=True), "badge")
    return list(rows.prefetch_related("weekly_hours", "exceptions"))


def _groups(municipality: Municipality, today: date) -> dict[UUID, dict[str, date]]:
    """Volunteer → service group → the last day it is certified."""
    found: dict[UUID, dict[str, date]] = defaultdict(dict)
    rows = Certification.objects.valid_on(today).filter(volunteer__municipality=municipality)
    for volunteer_id, group_id, until in rows.values_list("volunteer_id", "service_group_id", "valid_until"):
        found[volunteer_id][group_id] = until
    return found


def _requests(municipality: Municipality, also: UUID | None) -> list[HelpRequest]:
    rows = HelpRequest.objects.filter(municipality=municipality, state__in=BEFORE_VISIT)
    rows = rows.select_related(
        "service", "resident__settlement", "help_point__settlement", "escort_to", "follows", "event"
    ).prefetch_related("free_times", "help_point__opening_hours")
    return [row for row in rows.order_by("opened_at", "number") if row.pk == also or _plannable(row)]


def _plannable(help_request: HelpRequest) -> bool:
    """An OPEN request that is the coordinator's, or whose predecessor has no outcome yet, waits outside."""
    if help_request.state != RequestState.OPEN:
        return True
    if help_request.next_step == NextStep.DESK:
        return False
    follows = help_request.follows
    return follows is None or follows.state in ENDED


def _visits(ids: list[UUID]) -> dict[UUID, Visit]:
    rows = Visit.objects.filter(help_request__in=ids, state__in=VISIT_LIVE).prefetch_related("seats")
    return {visit.help_request_id: visit for visit in rows}


def _grouped(offers) -> dict[UUID, list[Offer]]:  # type: ignore[no-untyped-def]
    found: dict[UUID, list[Offer]] = defaultdict(list)
    for offer in offers:
        found[offer.help_request_id].append(offer)
    return found


def _person_rules(municipality: Municipality) -> dict[UUID, list[PersonRule]]:
    found: dict[UUID, list[PersonRule]] = defaultdict(list)
    for rule in PersonRule.objects.filter(resident__municipality=municipality):
        found[rule.resident_id].append(rule)
    return found


def _done_seats(municipality: Municipality):  # type: ignore[no-untyped-def]
    return VisitSeat.objects.filter(visit__help_request__municipality=municipality, live=True)


def _earlier(municipality: Municipality, today: date) -> dict[UUID, UUID]:
    """Resident → who visited them last."""
    since = datetime.combine(today, datetime.min.time(), tzinfo=SOFIA) - KNOWN_SINCE
    rows = _done_seats(municipality).filter(visit__state=VisitState.DONE, start__gte=since).order_by("start", "-seat")
    return dict(rows.values_list("visit__help_request__resident_id", "volunteer_id"))


def _done(municipality: Municipality, today: date) -> dict[UUID, dict[date, int]]:
    """Volunteer → Monday of the week → visits begun or done in it (promised ones are counted as promises)."""
    found: dict[UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    first = datetime.combine(monday(today), datetime.min.time(), tzinfo=SOFIA)
    rows = _done_seats(municipality).filter(visit__state__in=[VisitState.DONE, VisitState.CHECKED_IN], start__gte=first)
    for volunteer_id, start in rows.values_list("volunteer_id", "start"):
        found[volunteer_id][monday(start.astimezone(SOFIA).date())] += 1
    return found


def _busy_until(municipality: Municipality) -> dict[UUID, datetime]:
    rows = _done_seats(municipality).filter(visit__state=VisitState.CHECKED_IN)
    return dict(rows.order_by("end").values_list("volunteer_id", "end"))


def _seats_elsewhere(municipality: Municipality) -> QuerySet[VisitSeat]:
    """Live seats in other municipalities of people who also help here."""
    rows = VisitSeat.objects.filter(
        live=True, visit__state__in=VISIT_LIVE, volunteer__user__volunteers__municipality=municipality
    )
    return rows.exclude(volunteer__municipality=municipality)


def _elsewhere(municipality: Municipality, today: date) -> dict[UUID, list[tuple[datetime, datetime]]]:
    found: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = _seats_elsewhere(municipality).filter(end__gte=datetime.combine(today, time(), tzinfo=SOFIA))
    # The join of the filter again: their row of this municipality.
    for volunteer_id, start, end in rows.order_by("start").values_list("volunteer__user__volunteers", "start", "end"):
        found[volunteer_id].append((start, end))
    return found


def help_point_hours(help_point: HelpPoint, day: date) -> list[tuple[time, time]]:
    """Opening hours of the prefetched help point on a day."""
    return [(row.opens, row.closes) for row in help_point.opening_hours.all() if row.weekday == day.weekday()]
