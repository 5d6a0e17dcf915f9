"""The journal's oldest nights go after five years: work for the owner of the tables, by hand.

The application's role cannot do it. The guard is set aside and put back inside each transaction, so nobody else ever
finds the journal without it. The anchors stay and go on naming what was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from requests.models import JournalEntry, JournalLink
from requests.selectors.chain import kept_since

# Links of one transaction, a few entries each: whoever writes the journal waits no longer than these take.
LINKS = 400


def purge(*, now: datetime, dry: bool = False) -> int:
    """Entries under anchors older than five years: how many went, or would go. Run again, it goes on.

    Raises `django.db.Error` for a role that does not own the table.
    """
    gone = 0
    for ids in _batches(now):
        if dry:
            gone += JournalEntry.objects.filter(pk__in=ids).count()
            continue
        with transaction.atomic(), _guard_aside():
            # The model's own manager refuses to delete.
            gone += QuerySet(JournalEntry).filter(pk__in=ids).delete()[0]
    return gone


def _batches(now: datetime) -> Iterator[list[int]]:
    """Whole links together: a link half of whose entries are gone could not be checked any more."""
    links = JournalLink.objects.filter(anchor__made_at__lt=kept_since(now)).order_by("pk")
    last = 0
    # Read in pages, not through one long cursor: SQLite changes no trigger while a table is being read.
    while page := list(links.filter(pk__gt=last).values_list("pk", "entry_ids")[:LINKS]):
        last = page[-1][0]
        yield [entry for _pk, entries in page for entry in entries]


_TABLE = JournalEntry._meta.db_table


@contextmanager
def _guard_aside() -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {_TABLE} DISABLE TRIGGER journal_no_change")
            yield
            cursor.execute(f"ALTER TABLE {_TABLE} ENABLE TRIGGER journal_no_change")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'journal_no_delete'")
        (trigger,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER journal_no_delete")
        yield
        cursor.execute(trigger)
