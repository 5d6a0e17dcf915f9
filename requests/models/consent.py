"""Whether the person agreed: told in one SMS what is kept, asked in the next; or asked by telephone."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from core.models import Personal
from requests.models.help_request import HelpRequest
from requests.states import ConsentAnswer, ConsentWay


class ConsentQuerySet(models.QuerySet["Consent"]):
    def open(self) -> ConsentQuerySet:
        return self.filter(answer="")

    def unasked(self) -> ConsentQuerySet:
        """Summed up, and the question has not gone out yet."""
        return self.open().filter(asked_at=None, told_desk_at=None)

    def silent(self, now: datetime) -> ConsentQuerySet:
        """Asked, and no answer in the time there was."""
        return self.open().filter(answer_by__lte=now, told_desk_at=None)


class Consent(Personal):
    """One asking. After a „no“ nobody is sent until the person says „yes“; it goes to the desk, as silence does."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="consents")
    # When the summary was written; when the question was; until when an answer is waited for.
    summed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    told_desk_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=3, choices=ConsentAnswer.choices, blank=True)
    way = models.CharField(max_length=5, choices=ConsentWay.choices)
    answered_at = models.DateTimeField(null=True, blank=True)
    # A version of requests/agreement_texts.py, or `own`: the municipality's own words.
    text_version = models.CharField(max_length=20, blank=True, default="", db_default="")
    # What the messages said, word for word.
    asked_words = EncryptedTextField(db_default="")
    # Who asked, or wrote down what was said by telephone.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["help_request"], condition=Q(answer=""), name="one_open_consent_a_request")
        ]
        indexes: ClassVar = [
            # Read by ConsentQuerySet.unasked and .silent
            models.Index(fields=["answer_by"], name="consent_open", condition=Q(answer="", told_desk_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.answer or "?"
