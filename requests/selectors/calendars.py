"""A volunteer's visits as calendar entries: the service and the village, no name and no address."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import digest
from requests.calendar import Entry, write
from requests.models import CalendarFeed, VisitSeat
from requests.states import Mode
from volunteers.models import Volunteer
from volunteers.states import VolunteerStatus

# How long past visits stand in the feed, and how long a visit that fell through is still shown as such.
PAST, CANCELLED = timedelta(days=60), timedelta(weeks=6)
MOST = 500
# A link that no calendar asked for in so long opens nothing more.
FORGOTTEN = timedelta(days=180)


def feed_by_token(token: str, now: datetime) -> CalendarFeed | None:
    """The feed a link stands for; none once it was exchanged, stopped, nobody asked for long, or the volunteer left."""
    asked_lately = Q(fetched_at__gt=now - FORGOTTEN) | Q(fetched_at=None, made_at__gt=now - FORGOTTEN)
    rows = CalendarFeed.objects.filter(asked_lately, token_hash=digest(token)).select_related("volunteer__contact")
    return rows.exclude(volunteer__status=VolunteerStatus.LEFT).first()


def feed_of(volunteer: Volunteer) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(volunteer=volunteer).first()


def whole(volunteer: Volunteer, now: datetime) -> str:
    """All that is coming, what was lately, and what fell through in the last weeks, in the volunteer's language."""
    here = Q(live=True, end__gte=now - PAST)
    fell_through = Q(live=False, offer__updated_at__gte=now - CANCELLED)
    rows = _seats().filter(volunteer=volunteer).filter(here | fell_through).order_by("-start", "pk")[:MOST]
    return _written(sorted(rows, key=lambda seat: (seat.start, seat.pk)), volunteer.contact.language)


def one(volunteer: Volunteer, *, visit: UUID | None = None, offer: UUID | None = None) -> str:
    """One visit of this volunteer's, by the visit (where they sit in it now) or by their offer; empty where none is."""
    which = Q(visit=visit, live=True) if visit else Q(offer=offer)
    found = list(_seats().filter(which, volunteer=volunteer)[:1])
    return _written(found, volunteer.contact.language) if found else ""


def _seats() -> QuerySet[VisitSeat]:
    return VisitSeat.objects.select_related(
        "offer", "visit__help_request__service", "visit__help_request__help_point__settlement",
        "visit__help_request__resident__settlement",
    )  # fmt: skip


def _written(seats: list[VisitSeat], language: str) -> str:
    with override(language):
        return write([_entry(seat) for seat in seats], name=_("Моите посещения"))


def _entry(seat: VisitSeat) -> Entry:
    """The seat is the entry: who gives a visit back and takes it again has two of them."""
    help_request = seat.visit.help_request
    service = help_request.service.name if help_request.service else _("помощ с електронна услуга")
    place = help_request.help_point.settlement if help_request.help_point else help_request.resident.settlement
    by_phone = help_request.mode == Mode.PHONE_HELP
    where = _("по телефона") if by_phone else place.prefixed_name
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return Entry(
        uid=f"{seat.offer_id}@{host}",
        # The visit counts its changes; falling through comes after all of them.
        sequence=2 * seat.visit.sequence + (0 if seat.live else 1),
        changed_at=max(seat.visit.updated_at, seat.offer.updated_at),
        start=seat.start,
        end=seat.end,
        summary=f"{service[:1].upper()}{service[1:]}, {where}",
        location="" if by_phone else place.prefixed_name,
        cancelled=not seat.live,
    )
