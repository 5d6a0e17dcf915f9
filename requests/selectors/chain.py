"""Whether the journal still says what it said when each night's anchor was made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.crypto import keyed_digest
from requests.models import JournalAnchor, JournalEntry, JournalLink

# What is older may have been purged as the rules of keeping say; only then a missing entry is no fault.
KEPT_YEARS = 5
BATCH = 500


@dataclass(frozen=True)
class Fault:
    """`kind`: entry_missing, chain_broken, anchor_broken. `entry` and `help_request` where they are known."""

    kind: str
    night: str
    help_request: UUID | None = None
    entry: int | None = None

    def __str__(self) -> str:
        where = f" request {self.help_request}" if self.help_request else ""
        return f"{self.night}: {self.kind}{where}" + (f" entry {self.entry}" if self.entry else "")


@dataclass
class Verdict:
    faults: list[Fault]
    anchors: int = 0
    entries: int = 0
    purged: int = 0
    last: JournalAnchor | None = None


def kept_since(now: datetime) -> datetime:
    """What was anchored before this moment may go."""
    return now.replace(year=now.year - KEPT_YEARS, day=min(now.day, 28))


def link_digest(before: str, entries: Sequence[JournalEntry]) -> str:
    return keyed_digest("journal-link\0" + json.dumps([before, [_said(entry) for entry in entries]])).hex()


def anchor_digest(anchor: JournalAnchor, links: Sequence[JournalLink]) -> str:
    """Covers the anchor before, so that a whole night cannot be taken out of the middle."""
    before = anchor.previous.digest if anchor.previous else ""
    rows = [[str(link.help_request_id), link.entry_ids, link.digest] for link in links]
    told = [before, anchor.night.isoformat(), anchor.up_to, anchor.entries, rows]
    return keyed_digest("journal-anchor\0" + json.dumps(told)).hex()


def _said(entry: JournalEntry) -> list[object]:
    return [
        entry.pk, entry.municipality_id, entry.at.timestamp(), str(entry.help_request_id), entry.subject_type,
        str(entry.subject_id), entry.verb, entry.from_state, entry.to_state, entry.actor,
        json.dumps(entry.facts, sort_keys=True),
    ]  # fmt: skip


def check(now: datetime) -> Verdict:
    """Reads the whole journal once. Entries newer than the last anchor are not judged yet."""
    verdict = Verdict([])
    heads: dict[UUID | None, str] = {}
    for anchor in JournalAnchor.objects.select_related("previous").order_by("pk"):
        links = list(JournalLink.objects.filter(anchor=anchor).order_by("pk"))
        goes_on = anchor.previous_id == (verdict.last.pk if verdict.last else None)
        if not goes_on or anchor.digest != anchor_digest(anchor, links):
            verdict.faults.append(Fault("anchor_broken", str(anchor.night)))
        for link, entries in _with_entries(links):
            _judge(verdict, anchor, link, entries, heads.get(link.help_request_id, ""), now)
            heads[link.help_request_id] = link.digest
        verdict.anchors += 1
        verdict.last = anchor
    return verdict


def _with_entries(links: list[JournalLink]) -> Iterator[tuple[JournalLink, dict[int, JournalEntry]]]:
    for start in range(0, len(links), BATCH):
        batch = links[start : start + BATCH]
        found = JournalEntry.objects.in_bulk([pk for link in batch for pk in link.entry_ids])
        for link in batch:
            yield link, {pk: found[pk] for pk in link.entry_ids if pk in found}


def _judge(
    verdict: Verdict, anchor: JournalAnchor, link: JournalLink, found: dict[int, JournalEntry], before: str,
    now: datetime,
) -> None:  # fmt: skip
    night, missing = str(anchor.night), [pk for pk in link.entry_ids if pk not in found]
    verdict.entries += len(found)
    if missing and anchor.made_at < kept_since(now):
        verdict.purged += len(missing)
    elif missing:
        verdict.faults += [Fault("entry_missing", night, link.help_request_id, pk) for pk in missing]
    elif link.digest != link_digest(before, list(found.values())):
        verdict.faults.append(Fault("chain_broken", night, link.help_request_id))
