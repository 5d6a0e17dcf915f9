"""What a person was asked to agree to, and what they said."""

from __future__ import annotations

from uuid import UUID

from requests.models import Consent, HelpRequest
from requests.states import ConsentAnswer

MOST = 10


def consents_of(help_request: HelpRequest) -> list[Consent]:
    """The newest first."""
    rows = Consent.objects.filter(help_request=help_request).select_related("by")
    return list(rows.order_by("-summed_at")[:MOST])


def refused(help_request_id: UUID) -> bool:
    """Whether the last thing the person said of this request is „no“: nobody is sent before they say „yes“."""
    said = Consent.objects.filter(help_request=help_request_id).exclude(answer="").order_by("-answered_at")
    return said.values_list("answer", flat=True).first() == ConsentAnswer.NO
