"""The person who is helped, how they are found, and whom they wish or do not wish to meet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.fields import EncryptedTextField
from core.models import Personal
from notifications.models import Contact
from places.models import Municipality, Settlement
from requests.states import RuleKind
from volunteers.models import Volunteer


class ResidentQuerySet(models.QuerySet["Resident"]):
    def of(self, municipality: Municipality) -> ResidentQuerySet:
        return self.filter(municipality=municipality)


class Resident(Personal):
    """A person seeking help. Never a field for ЕГН, PIN, IBAN or diagnosis."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="residents")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="resident")
    # Who is told that a visit began and ended, where the person wishes it.
    relative = models.OneToOneField(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="relative_of"
    )
    first_name = EncryptedTextField()
    middle_name = EncryptedTextField()
    last_name = EncryptedTextField()
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="+")
    address_note = EncryptedTextField()
    # Codes of states.Need
    needs = models.JSONField(default=list, blank=True)

    # Agreed to be reminded of the next season: the data is kept some months longer.
    remind_since = models.DateTimeField(null=True, blank=True)
    # By the person's wish: kept, and nothing else done with it.
    restricted_at = models.DateTimeField(null=True, blank=True)
    # Emptied, by the person's wish or by its term.
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "settlement"], name="resident_by_settlement")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """First and last name, as on the card."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)


class ResidentNameKey(models.Model):
    """Keyed hashes a sealed name is found by: prefixes, and each word with one letter left out."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="name_keys")
    key = models.BinaryField(max_length=8)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["resident", "key"], name="one_key_per_resident")]
        indexes: ClassVar = [
            # Read by selectors.people: candidates of a municipality for the hashes of what was typed
            models.Index(fields=["municipality", "key"], name="name_key_lookup")
        ]

    def __str__(self) -> str:
        return str(self.resident_id)


class PersonRule(Personal):
    """This person and this volunteer: better together, or not together. The reason stays with the coordinator."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="rules")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=10, choices=RuleKind.choices)
    note = EncryptedTextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["resident", "volunteer"], name="one_rule_per_pair")]

    def __str__(self) -> str:
        return self.kind
