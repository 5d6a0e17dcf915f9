"""The journal for whoever audits it: ids and codes of one municipality, the newest first. No personal row is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import Membership
from core.clock import day_bounds
from requests.models import HelpRequest, JournalEntry
from requests.states import SIGN_IN

PAGE = 50
# `subject_type` of the entries.
KINDS = ("help_request", "offer", "visit", "message", SIGN_IN)


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed by. `before`: entries older than the one with this id."""

    first: date | None = None
    last: date | None = None
    kind: str = ""
    number: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Row:
    entry: JournalEntry
    # Of the request it is about, where it is about one.
    number: int | None


@dataclass(frozen=True)
class Page:
    """`older` is the id the next page begins below; nothing is counted."""

    rows: list[Row]
    older: int | None = None


def page_of(membership: Membership, asked: Asked) -> Page:
    """One page in three queries, however long the journal is."""
    found = JournalEntry.objects.filter(municipality=membership.municipality_id)
    if asked.first:
        found = found.filter(at__gte=day_bounds(asked.first)[0])
    if asked.last:
        found = found.filter(at__lt=day_bounds(asked.last)[1])
    if asked.kind:
        found = found.filter(subject_type=asked.kind)
    if asked.number is not None:
        found = found.filter(help_request_id=_request_with(membership, asked.number))
    if asked.before:
        found = found.filter(pk__lt=asked.before)
    entries = list(found.order_by("-pk")[: PAGE + 1])
    numbers = _numbers(membership, entries[:PAGE])
    rows = [Row(entry, numbers.get(entry.help_request_id)) for entry in entries[:PAGE]]
    return Page(rows, rows[-1].entry.pk if len(entries) > PAGE else None)


def _request_with(membership: Membership, number: int) -> UUID | None:
    """The key of the request with this number here; of a number nobody has, a key no entry has."""
    rows = HelpRequest.objects.filter(municipality=membership.municipality_id, number=number)
    found: UUID | None = rows.values_list("pk", flat=True).first()
    return found or UUID(int=0)


def _numbers(membership: Membership, entries: list[JournalEntry]) -> dict[UUID | None, int]:
    keys = {entry.help_request_id for entry in entries if entry.help_request_id is not None}
    rows = HelpRequest.objects.filter(municipality=membership.municipality_id, pk__in=keys)
    return dict(rows.values_list("pk", "number"))
