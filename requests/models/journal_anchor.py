"""What the journal said last night: a chain per request, and one anchor a night over all of them.

No foreign key to the entries: an anchor must go on naming what somebody took out.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from requests.models.journal import JournalIsAppendOnly


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def delete(self) -> NoReturn:
        raise JournalIsAppendOnly


class JournalAnchor(models.Model):
    """One night. `digest` covers the anchor before it and every link of this one."""

    night = models.DateField(unique=True)
    # One to one: two that were made at once would both want to follow the same one.
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")
    made_at = models.DateTimeField()
    # The highest entry covered; one that committed late is taken up a night after.
    up_to = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.night} {self.digest[:12]}"


class JournalLink(models.Model):
    """One request's new entries of that night; `digest` goes on from the request's link before."""

    anchor = models.ForeignKey(JournalAnchor, on_delete=models.PROTECT, related_name="chain")
    help_request_id = models.UUIDField(null=True)
    entry_ids = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        # Read by services.anchoring: the request's link before this one
        indexes: ClassVar = [models.Index(fields=["help_request_id", "-id"], name="journal_link_before")]

    def __str__(self) -> str:
        return f"{self.help_request_id} {self.digest[:12]}"
