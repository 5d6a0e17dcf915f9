"""The volunteer's private calendar link: made, exchanged, stopped; and what a change of a visit is to calendars."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from accounts.models import digest, new_secret
from requests.models import CalendarFeed, Visit
from volunteers.models import Volunteer

# „Last fetched“ is written at most so often.
NOTED_EVERY = timedelta(minutes=10)


def renew(*, volunteer: Volunteer, now: datetime) -> str:
    """A new link's secret, which is kept nowhere; one that was made before opens nothing any more."""
    secret = new_secret()
    new = {"token_hash": digest(secret), "made_at": now, "fetched_at": None}
    CalendarFeed.objects.update_or_create(volunteer=volunteer, defaults=new)
    return secret


def stop(*, volunteer: Volunteer) -> None:
    """The link opens nothing any more. A second time changes nothing."""
    CalendarFeed.objects.filter(volunteer=volunteer).delete()


def fetched(feed: CalendarFeed, *, now: datetime) -> None:
    """Somebody's calendar asked. When is noted, so that the volunteer can see it; by whom is not."""
    rows = CalendarFeed.objects.filter(pk=feed.pk)
    rows.filter(Q(fetched_at=None) | Q(fetched_at__lte=now - NOTED_EVERY)).update(fetched_at=now)


def changed(*, now: datetime, **about: Any) -> None:
    """What calendars show of these visits is another: the service or the village. In the caller's transaction."""
    Visit.objects.live().filter(**about).update(sequence=F("sequence") + 1, updated_at=now)
