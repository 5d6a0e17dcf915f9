"""Who a request is about, for another system: through the door of whoever let it know, as wide as it is now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from accounts.models import Membership
from accounts.policy import allows
from notifications.models import WebhookSubscription
from requests.selectors.access import access_help_request
from requests.webhook_events import PERSONAL


def may_name_people(subscription: WebhookSubscription) -> bool:
    """Whether its maker may still read people here, and gave that away."""
    return _maker(subscription) is not None


def person_of(subscription: WebhookSubscription, help_request_id: UUID) -> dict[str, Any] | None:
    """Name, telephone and how to find the house; None where the maker of the subscription may not see them now."""
    maker = _maker(subscription)
    if maker is None:
        return None
    try:
        resident = access_help_request(maker, help_request_id).resident
    except Http404:
        return None
    return {
        "id": str(resident.pk),
        "name": resident.full_name,
        "phone": resident.contact.phone,
        "address_note": resident.address_note,
    }


def _maker(subscription: WebhookSubscription) -> Membership | None:
    if PERSONAL not in subscription.scopes or subscription.created_by_id is None:
        return None
    theirs = Membership.objects.active().filter(
        user=subscription.created_by_id, user__is_active=True, municipality=subscription.municipality_id
    )
    return next((one for one in theirs if allows(one.role, PERSONAL)), None)
