"""Who opened whose record, and what of it looked unusual. Keys and codes only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from places.models import Municipality
from requests.states import UnusualRule


class Opening(models.Model):
    """One record shown to one reader. Plain keys: it outlives whom it tells of."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reader_id = models.UUIDField()
    role = models.CharField(max_length=20)
    subject_type = models.CharField(max_length=14)
    subject_id = models.UUIDField()
    # The resident or volunteer it tells of, and the settlement (EKATTE) they live in.
    person_id = models.UUIDField()
    settlement_code = models.CharField(max_length=5)
    # Why: the page or call by its name, which says for what it was opened.
    door = models.CharField(max_length=60)
    # Where from: keyed hash of the shortened network address.
    place = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            # Read by services.watching, and by who asks who has read about a person
            models.Index(fields=["at"], name="opening_by_time"),
            models.Index(fields=["person_id", "-at"], name="opening_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.subject_type}"


class UnusualReading(models.Model):
    """Reading that somebody should ask about: one row a reader, a rule and a local day."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    reader_id = models.UUIDField()
    rule = models.CharField(max_length=12, choices=UnusualRule.choices)
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # Openings that broke the rule on that day; of „many“ the most within one hour.
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "reader_id", "rule", "day"], name="one_finding_a_reader_a_day"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "-day", "-id"], name="unusual_newest")]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}"
