"""Everything the desk sees of one request, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Case, Count, OuterRef, Prefetch, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.models import Membership, User
from requests.models import Consent, FreeTime, HelpRequest, JournalEntry, Offer, PersonRule, Visit, VisitSeat
from requests.selectors.access import visible_requests
from requests.states import VISIT_LIVE, OfferState, RequestState
from volunteers.models import Volunteer
from volunteers.states import VolunteerStatus

# More of the past than this nobody reads; the rest stands in the journal.
MOST_ENTRIES = 60
MOST_OTHERS = 8


@dataclass(frozen=True)
class Detail:
    """A request with its people and its past; `visits` newest first, `offers` newest first."""

    help_request: HelpRequest
    offers: list[Offer]
    visits: list[Visit]
    free_times: list[FreeTime]
    rules: list[PersonRule]
    others: list[HelpRequest]
    entries: list[JournalEntry]
    # The last asking, where there was one.
    consent: Consent | None
    # Who acts in the journal, by id.
    names: dict[str, str]

    @property
    def visit(self) -> Visit | None:
        """The visit that stands."""
        return next((visit for visit in self.visits if visit.state in VISIT_LIVE), None)

    @property
    def past_visits(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.state not in VISIT_LIVE]

    @property
    def waiting(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.state == OfferState.MADE]


def detail_of(membership: Membership, help_request: HelpRequest) -> Detail:
    offers = list(
        Offer.objects.filter(help_request=help_request)
        .select_related("volunteer__contact", "volunteer__home", "recorded_by")
        .order_by("-made_at", "seat")
    )
    seats = Prefetch("seats", VisitSeat.objects.filter(live=True).select_related("volunteer__contact"))
    visits = list(Visit.objects.filter(help_request=help_request).prefetch_related(seats).order_by("-start"))
    entries = list(JournalEntry.objects.filter(help_request_id=help_request.pk).order_by("-id")[:MOST_ENTRIES])[::-1]
    others = visible_requests(membership).filter(resident=help_request.resident_id).exclude(pk=help_request.pk)
    return Detail(
        help_request=help_request,
        offers=offers,
        visits=visits,
        free_times=list(help_request.free_times.all()),
        rules=list(rules_of_person(help_request)),
        others=list(others.order_by("-created_at")[:MOST_OTHERS]),
        entries=entries,
        consent=Consent.objects.filter(help_request=help_request).order_by("-summed_at").first(),
        names=_names(entries, [offer.volunteer for offer in offers]),
    )


def rules_of_person(help_request: HelpRequest) -> QuerySet[PersonRule]:
    rows = PersonRule.objects.filter(resident=help_request.resident_id)
    return rows.select_related("volunteer").order_by("created_at")


def live_visit(help_request: HelpRequest) -> Visit | None:
    seats = Prefetch("seats", VisitSeat.objects.filter(live=True).select_related("volunteer__contact"))
    rows = Visit.objects.live().filter(help_request=help_request, attempt=help_request.attempt)
    return rows.prefetch_related(seats).first()


def offers_waiting(help_request: HelpRequest) -> QuerySet[Offer]:
    return Offer.objects.live().filter(help_request=help_request).select_related("volunteer__contact")


def volunteers_to_choose(help_request: HelpRequest) -> list[Volunteer]:
    """Whom a rule may name: everybody of the municipality who has not left, by name."""
    rows = Volunteer.objects.filter(municipality=help_request.municipality_id).exclude(status=VolunteerStatus.LEFT)
    return sorted(rows.select_related("home"), key=lambda row: row.name)


def to_phone(membership: Membership, now: datetime) -> QuerySet[HelpRequest]:
    """Requests from the web that nobody has confirmed by phone, the oldest first.

    `tried` counts the calls nobody answered; those to be tried `later` stand at the end.
    """
    calls = JournalEntry.objects.filter(help_request_id=OuterRef("pk"), verb="not_reached")
    counted = calls.order_by().values("help_request_id").annotate(n=Count("pk")).values("n")
    rows = visible_requests(membership).filter(state=RequestState.UNVERIFIED)
    rows = rows.annotate(tried=Coalesce(Subquery(counted), 0))
    late = Case(When(tried__gt=0, next_step_at__gt=now, then=True), default=False, output_field=BooleanField())
    return rows.annotate(later=late).order_by("later", "created_at", "number")


def calls_waiting(membership: Membership, now: datetime) -> int:
    """How many should be phoned now."""
    return to_phone(membership, now).filter(later=False).count()  # type: ignore[misc]


def taken_by_me(membership: Membership) -> QuerySet[HelpRequest]:
    """What this member took, the newest first."""
    return visible_requests(membership).filter(taken_by=membership.user_id).order_by("-created_at", "-number")


def _names(entries: list[JournalEntry], asked: list[Volunteer]) -> dict[str, str]:
    codes = [entry.actor.partition(":") for entry in entries]
    users = User.objects.filter(pk__in={key for kind, _colon, key in codes if kind == "user"})
    names = {str(user.pk): user.get_full_name() or user.mail for user in users}
    return names | {str(person.pk): person.name for person in asked}
