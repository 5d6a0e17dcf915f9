"""Every night the journal's new entries are chained by request and anchored; writing an entry knows nothing of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from core.clock import local_date
from requests.models import JournalAnchor, JournalEntry, JournalLink
from requests.selectors.chain import anchor_digest, link_digest

log = logging.getLogger(__name__)


def anchor(*, now: datetime) -> JournalAnchor | None:
    """This night's anchor; None where it stands already, or nothing happened since the last one.

    It is computed from what is committed, outside a transaction, and written in one. The log names the digest:
    whoever keeps logs elsewhere can show later that the chain was not written anew (`check_journal --expect`).
    """
    night = local_date(now)
    last = JournalAnchor.objects.order_by("-pk").first()
    if last is not None and last.night >= night:
        return None
    links, up_to = _links(last)
    if not links:
        return None
    made = JournalAnchor(
        night=night, previous=last, made_at=now, up_to=up_to, entries=sum(len(link.entry_ids) for link in links)
    )
    made.digest = anchor_digest(made, links)
    try:
        with transaction.atomic():
            made.save()
            for link in links:
                link.anchor = made
            JournalLink.objects.bulk_create(links, batch_size=500)
    except IntegrityError:
        return None  # somebody else was faster
    log.info("journal anchor %s: %d entries, %s", night, made.entries, made.digest)
    return made


def _links(last: JournalAnchor | None) -> tuple[list[JournalLink], int]:
    heads = _heads()
    links, up_to = [], last.up_to if last else 0
    for help_request_id, group in groupby(_new_entries(last), key=lambda entry: entry.help_request_id):
        entries = list(group)
        digest = link_digest(heads.get(help_request_id, ""), entries)
        ids = [entry.pk for entry in entries]
        links.append(JournalLink(help_request_id=help_request_id, entry_ids=ids, digest=digest))
        up_to = max(up_to, *ids)
    return links, up_to


def _new_entries(last: JournalAnchor | None) -> Iterator[JournalEntry]:
    """Not covered yet. Numbers are given before a commit, so one below the last anchor may have come after it."""
    rows = JournalEntry.objects.order_by("help_request_id", "pk")
    if last is not None:
        rows = rows.filter(pk__gt=last.previous.up_to if last.previous else 0)
    covered = {pk for ids in JournalLink.objects.filter(anchor=last).values_list("entry_ids", flat=True) for pk in ids}
    return (entry for entry in rows.iterator() if entry.pk not in covered)


def _heads() -> dict[UUID | None, str]:
    """Each request's last link."""
    newest = JournalLink.objects.values("help_request_id").annotate(last=Max("pk")).values("last")
    return dict(JournalLink.objects.filter(pk__in=newest).values_list("help_request_id", "digest"))
