"""Who is not asked again for a request in its present attempt, and since when its hours stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, Q

from requests.models import HelpRequest, JournalEntry, Offer
from requests.models.offer import OfferQuerySet
from requests.states import DeclineReason, OfferState

# A no to the hours, or without a reason: other hours are another question.
ABOUT_THE_HOURS = frozenset({"", DeclineReason.BUSY, DeclineReason.NOT_THESE_HOURS})
# Words of the journal for a seat that its volunteer left.
CANNOT_COME, NO_SHOW = "cannot_come", "no_show"


def new_hours_at(ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Request → when the person last chose other hours; a request whose hours never changed is not in it."""
    entries = JournalEntry.objects.filter(
        help_request_id__in=ids, subject_type="help_request", verb="another_time"
    ).order_by()
    latest = entries.values("help_request_id").annotate(last=Max("at"))
    return {pk: last for pk, last in latest.values_list("help_request_id", "last") if pk}


def said_no(ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Request → who declined, let the time pass or gave it back, and whom other hours would not win. Three queries.

    Who was let go because nobody was found to go along, or the person chose another day, is not among them.
    """
    found: dict[UUID, set[UUID]] = defaultdict(set)
    changed = new_hours_at(ids)
    entries = JournalEntry.objects.filter(
        help_request_id__in=ids, subject_type="offer", to_state=OfferState.RELEASED, verb__in=[CANNOT_COME, NO_SHOW]
    )
    left = dict(entries.values_list("subject_id", "verb"))
    offers = Offer.objects.filter(
        Q(state__in=[OfferState.DECLINED, OfferState.EXPIRED]) | Q(state=OfferState.RELEASED, pk__in=left),
        help_request__in=ids,
        attempt=F("help_request__attempt"),
    )
    for pk, of, volunteer, made_at, reason in offers.values_list(
        "pk", "help_request_id", "volunteer_id", "made_at", "decline_reason"
    ):
        other_hours = of in changed and made_at <= changed[of]
        about_the_hours = reason in ABOUT_THE_HOURS and left.get(pk) != NO_SHOW
        if not (other_hours and about_the_hours):
            found[of].add(volunteer)
    return found


def rungs_used(help_request: HelpRequest) -> int:
    """How many rungs of the present attempt ended without a yes; those asked at once stood on one. Two queries."""
    return asked_in_vain(help_request).order_by().values("rung").distinct().count()


def asked_in_vain(help_request: HelpRequest) -> OfferQuerySet:
    """Who said no or nothing since the hours stand, and since somebody who had accepted had to give it back."""
    rows = Offer.objects.filter(help_request=help_request, attempt=help_request.attempt).failed()
    begun_anew = Q(subject_type="help_request", verb="another_time") | Q(
        subject_type="offer", to_state=OfferState.RELEASED, verb__in=[CANNOT_COME, NO_SHOW]
    )
    entries = JournalEntry.objects.filter(begun_anew, help_request_id=help_request.pk)
    since = entries.aggregate(last=Max("at"))["last"]
    return rows if since is None else rows.filter(made_at__gt=since)
