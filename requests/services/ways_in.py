"""Whose way in changed, their factors, roles and tokens, stands in the journal: for `accounts.changes`."""

from __future__ import annotations

from datetime import datetime

from accounts.changes import Change
from requests.models import JournalEntry
from requests.states import SIGN_IN


def keep(change: Change, now: datetime) -> None:
    """Of the person, about no request. In the transaction of the change: neither is there without the other."""
    JournalEntry.objects.create(
        municipality_id=change.municipality_id, at=now, subject_type=SIGN_IN, subject_id=change.user.pk,
        verb=change.verb, actor=change.by, facts=change.facts,
    )  # fmt: skip
