"""What a demonstration tells, in a form that two of them can be compared by."""

from __future__ import annotations

from collections import Counter
from typing import Any

from requests.models import HelpRequest, JournalEntry, Offer, Resident, Visit
from volunteers.models import Volunteer


def told() -> dict[str, Any]:
    """Everything the story consists of, without ids and secrets."""
    return {
        "volunteers": [
            (row.badge, row.name, row.home_id, row.transport, row.languages, row.status, row.weekly_limit)
            for row in Volunteer.objects.order_by("badge")
        ],
        "residents": [
            (row.full_name, row.settlement_id, row.address_note, row.needs, row.contact.phone)
            for row in Resident.objects.select_related("contact").order_by("created_at")
        ],
        "requests": [
            (row.number, row.resident.full_name, row.service_id, row.mode, row.state, row.outcome, row.created_at)
            for row in HelpRequest.objects.select_related("resident").order_by("number")
        ],
        "visits": list(
            Visit.objects.order_by("help_request__number", "start", "state", "minutes").values_list(
                "help_request__number", "start", "end", "state", "outcome", "minutes"
            )
        ),
        "offers": list(
            Offer.objects.order_by("help_request__number", "made_at", "seat", "volunteer__badge").values_list(
                "help_request__number", "seat", "volunteer__badge", "state", "start", "km"
            )
        ),
        "journal": Counter(JournalEntry.objects.values_list("verb", flat=True)),
    }
