"""A no with a reason teaches the next plan. Codes become lessons of that volunteer, which can be taken back."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from core.clock import local, local_date
from requests.models import Offer
from requests.states import DeclineReason, Mode
from volunteers.models import Lesson
from volunteers.services import lessons

# How long hours that did not suit are left out.
HOURS_FOR = timedelta(weeks=6)
# A shorter way than this is not learned to be too far.
SHORTEST_WAY = 5


def learn(offer: Offer, *, now: datetime) -> Lesson | None:
    """What this no teaches, in the caller's transaction; None where it says nothing of another time."""
    group = offer.help_request.service.group if offer.help_request.service else None
    volunteer, reason = offer.volunteer, offer.decline_reason
    if reason == DeclineReason.NOT_THIS_KIND and group is not None:
        return lessons.not_this_kind(volunteer=volunteer, group=group, now=now)
    if reason == DeclineReason.UNSURE and group is not None:
        return lessons.unsure(volunteer=volunteer, group=group, now=now)
    if reason == DeclineReason.TOO_FAR and offer.help_request.mode != Mode.PHONE_HELP:
        nearer = offer.travel_minutes - 1
        return lessons.too_far(volunteer=volunteer, minutes=nearer, now=now) if nearer >= SHORTEST_WAY else None
    if reason == DeclineReason.NOT_THESE_HOURS:
        return _hours(offer, now)
    return None


def _hours(offer: Offer, now: datetime) -> Lesson | None:
    """The visit's own hours, whole ones, on that weekday."""
    start, end = local(offer.start), local(offer.end)
    first, last = time(start.hour), time(end.hour) if end.minute == 0 else time(min(end.hour + 1, 23))
    if start.date() != end.date() or last <= first:
        return None
    return lessons.not_these_hours(
        volunteer=offer.volunteer, weekday=start.weekday(), start=first, end=last,
        until=local_date(now) + HOURS_FOR, now=now,
    )  # fmt: skip
