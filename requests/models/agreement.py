"""What a person lets us or somebody close to them do, until they take it back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from core.models import Personal
from requests import agreement_texts
from requests.models.resident import Resident
from requests.states import AgreementKind, AgreementWay


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def live(self) -> AgreementQuerySet:
        """Given, and not taken back."""
        return self.filter(withdrawn_at=None)


class Agreement(Personal):
    """One thing agreed to: in which words, how it was said, who wrote it down. Taken back, it allows nothing."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="agreements")
    kind = models.CharField(max_length=8, choices=AgreementKind.choices)
    # A version of requests/agreement_texts.py; empty for what was said before versions were kept.
    text_version = models.CharField(max_length=20, blank=True)
    # REMIND: for how many months at most the data may be kept, as it was said.
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    way = models.CharField(max_length=5, choices=AgreementWay.choices)
    given_at = models.DateTimeField()
    # Who wrote it down; None where the person did, on their own page.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # MANDATE: who may speak for the person.
    name = EncryptedTextField()
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=32, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_way = models.CharField(max_length=5, choices=AgreementWay.choices, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident", "kind"], condition=Q(withdrawn_at=None), name="one_live_agreement_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def words(self) -> str:
        """What was agreed to, in the reader's language; empty where its version is not known."""
        wording = agreement_texts.of(self.text_version)
        return wording.said(self.months) if wording else ""
