"""The assignment report: sums made by the database in a fixed number of queries, whatever the number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from core.clock import SOFIA
from core.language import in_language
from places.models import Municipality
from reports.indicators import ANSWERING, DONE, SAID_NO, SAID_YES, Figures, waited
from reports.period import Period
from requests.models import HelpRequest, Offer, Visit, VisitDifficulty, VisitSeat
from requests.states import Phase, RequestState, VisitState

SETTLEMENT, SERVICE, VOLUNTEER, WEEK = "settlement", "service", "volunteer", "week"
GROUPS = (SETTLEMENT, SERVICE, VOLUNTEER, WEEK)
# A request for „не знам коя услуга“.
UNKNOWN_SERVICE = "-"

# What a row stands for: EKATTE, code of a service (None: unknown), id of a volunteer, or a Monday.
Key = str | UUID | date | None


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see; empty narrows nothing. `settlement` is where the person lives."""

    municipality: Municipality
    period: Period
    group: str = SETTLEMENT
    settlement: str = ""
    service: str = ""
    volunteer: UUID | None = None

    def about(self, prefix: str = "") -> Q:
        """The requests in question; `prefix` leads to them from another table."""
        found = Q(**{f"{prefix}municipality": self.municipality})
        if self.settlement:
            found &= Q(**{f"{prefix}resident__settlement": self.settlement})
        if self.service == UNKNOWN_SERVICE:
            found &= Q(**{f"{prefix}service": None})
        elif self.service:
            found &= Q(**{f"{prefix}service": self.service})
        return found

    def during(self, moment: str) -> Q:
        begin, end = self.period.bounds
        return Q(**{f"{moment}__gte": begin, f"{moment}__lt": end})


@dataclass
class Difficulty:
    """People (visits) whom it stopped before the help, still after it, and for how many it fell away."""

    code: str
    name_bg: str
    name_en: str
    before: int
    after: int
    solved: int

    @property
    def name(self) -> str:
        return in_language(self.name_bg, self.name_en)


@dataclass
class Report:
    asked: Asked
    rows: dict[Key, Figures] = field(default_factory=lambda: defaultdict(Figures))
    total: Figures = field(default_factory=Figures)
    weeks: dict[date, Figures] = field(default_factory=dict)
    difficulties: list[Difficulty] = field(default_factory=list)
    # Asked on the web in these days; nobody has phoned yet.
    unverified: int = 0


def assignment_report(asked: Asked) -> Report:
    """At most eight queries."""
    report = Report(asked, weeks={week: Figures() for week in asked.period.weeks})
    if asked.group == WEEK:
        report.rows.update({week: Figures() for week in report.weeks})
    _requests(report)
    _offers(report)
    _visits(report)
    _waits(report)
    report.difficulties = _difficulties(asked)
    return report


def _week(moment: str) -> TruncWeek:
    return TruncWeek(moment, tzinfo=SOFIA, output_field=DateField())


def _key(group: str, prefix: str, moment: str) -> Any:
    """What a row of this group is, seen from a table whose request is at `prefix`."""
    if group == WEEK:
        return _week(moment)
    return F(f"{prefix}resident__settlement_id" if group == SETTLEMENT else f"{prefix}service_id")


def _requests(report: Report) -> None:
    asked = report.asked
    answering = Visit.objects.filter(ANSWERING, help_request=OuterRef("pk"), attempt=OuterRef("attempt"))
    rows = HelpRequest.objects.filter(asked.about())
    if asked.volunteer:
        answering = answering.filter(seats__volunteer=asked.volunteer, seats__live=True)
        rows = rows.filter(Exists(Offer.objects.filter(help_request=OuterRef("pk"), volunteer=asked.volunteer)))
    rows = rows.annotate(was_answered=Exists(answering))
    opened = asked.during("opened_at")
    sums = {"n": Count("pk", filter=opened), "done": Count("pk", filter=opened & Q(was_answered=True))}
    waiting = Count("pk", filter=Q(state=RequestState.UNVERIFIED) & asked.during("created_at"))
    total = rows.aggregate(**sums, unverified=waiting)
    report.total.requests, report.total.answered = total["n"], total["done"]
    report.unverified = total["unverified"]
    if asked.group == VOLUNTEER:
        grouped = _requests_of_volunteers(asked)
    else:
        by_key = rows.filter(opened).annotate(key=_key(asked.group, "", "opened_at"))
        grouped = _grouped(by_key, "key", **sums)
    for row in grouped:
        figures = report.rows[row["key"]]
        figures.requests, figures.answered = row["n"], row["done"]


def _grouped(rows: QuerySet[Any, Any], *by: str, **sums: Any) -> Iterable[dict[str, Any]]:
    """One row for each of `by`, with the sums."""
    return rows.values(*by).annotate(**sums).order_by()


def _requests_of_volunteers(asked: Asked) -> Iterable[dict[str, Any]]:
    """For each volunteer: the requests they were asked about, and those they answered by a visit."""
    came = VisitSeat.objects.filter(
        live=True, volunteer=OuterRef("volunteer"), visit__help_request=OuterRef("help_request"),
        visit__attempt=OuterRef("help_request__attempt"), visit__in=Visit.objects.filter(ANSWERING),
    )  # fmt: skip
    rows = _offers_about(asked).filter(asked.during("help_request__opened_at")).annotate(came=Exists(came))
    done = Count("help_request", distinct=True, filter=Q(came=True))
    return _grouped(rows.annotate(key=F("volunteer_id")), "key", n=Count("help_request", distinct=True), done=done)


def _offers_about(asked: Asked) -> QuerySet[Offer]:
    rows = Offer.objects.filter(asked.about("help_request__"))
    return rows.filter(volunteer=asked.volunteer) if asked.volunteer else rows


def _offers(report: Report) -> None:
    asked = report.asked
    key = F("volunteer_id") if asked.group == VOLUNTEER else _key(asked.group, "help_request__", "made_at")
    rows = _offers_about(asked).filter(asked.during("made_at")).annotate(key=key)
    yes, no = Count("pk", filter=SAID_YES), Count("pk", filter=SAID_NO)
    for row in _grouped(rows, "key", n=Count("pk"), yes=yes, no=no):
        # An offer has one volunteer, so that the rows add up to the whole in every group.
        for figures in (report.rows[row["key"]], report.total):
            figures.offers += row["n"]
            figures.said_yes += row["yes"]
            figures.said_no += row["no"]


def _visits_about(asked: Asked, *, by_volunteer: bool) -> QuerySet[Any, Any]:
    """Visits that took place in the period; by volunteer once for each who came."""
    seats: dict[str, Any] = {"seats__live": True} if by_volunteer or asked.volunteer else {}
    if asked.volunteer:
        seats["seats__volunteer"] = asked.volunteer
    rows = Visit.objects.filter(DONE, asked.during("start"), asked.about("help_request__"), **seats)
    key = F("seats__volunteer_id") if by_volunteer else _key(asked.group, "help_request__", "start")
    return rows.annotate(key=key, week=_week("start"))


def _visits(report: Report) -> None:
    by_volunteer = report.asked.group == VOLUNTEER
    rows = list(_sums(_visits_about(report.asked, by_volunteer=by_volunteer), "key", "week"))
    for row in rows:
        _add(report.rows[row["key"]], row)
    plain = replace(report.asked, group=WEEK)
    # Two people on one visit: the whole counts it once.
    for row in _sums(_visits_about(plain, by_volunteer=False), "week") if by_volunteer else rows:
        _add(report.total, row)
        _add(report.weeks[row["week"]], row)


def _sums(rows: QuerySet[Any, Any], *by: str) -> Iterable[dict[str, Any]]:
    return _grouped(rows, *by, "outcome", n=Count("pk"), spent=Sum("minutes"))


def _add(figures: Figures, row: dict[str, Any]) -> None:
    figures.outcomes[row["outcome"]] += row["n"]
    figures.minutes += row["spent"] or 0


def _waits(report: Report) -> None:
    """The pairs (opened, began) of the period's answering visits.

    A visit before a reopening is left out: its request now carries the later opening.
    """
    rows = _visits_about(report.asked, by_volunteer=report.asked.group == VOLUNTEER)
    rows = rows.filter(ANSWERING, attempt=F("help_request__attempt"), help_request__opened_at__isnull=False)
    seen: set[UUID] = set()
    for pk, key, week, opened, start in rows.values_list("pk", "key", "week", "help_request__opened_at", "start"):
        wait = waited(opened, start)
        report.rows[key].waits.append(wait)
        if pk not in seen:
            seen.add(pk)
            report.total.waits.append(wait)
            report.weeks[week].waits.append(wait)


def _difficulties(asked: Asked) -> list[Difficulty]:
    """What stopped people, the most frequent first."""
    rows = VisitDifficulty.objects.filter(
        asked.during("visit__start"), asked.about("visit__help_request__"), visit__state=VisitState.DONE
    )
    if asked.volunteer:
        mine = VisitSeat.objects.filter(visit=OuterRef("visit"), volunteer=asked.volunteer, live=True)
        rows = rows.filter(Exists(mine))
    still = VisitDifficulty.objects.filter(
        visit=OuterRef("visit"), difficulty=OuterRef("difficulty"), phase=Phase.AFTER
    )
    before, after = Q(phase=Phase.BEFORE), Q(phase=Phase.AFTER)
    names = ("difficulty__code", "difficulty__name_bg", "difficulty__name_en")
    counted = rows.annotate(still=Exists(still)).values_list(*names).annotate(
        before=Count("pk", filter=before), after=Count("pk", filter=after),
        solved=Count("pk", filter=before & Q(still=False)),
    )  # fmt: skip
    return [Difficulty(*row) for row in counted.order_by("-before", "-after", "difficulty__code")]
