"""Who may tell another system of what: no more than they may see themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, Membership
from core.errors import Invalid, NotAllowed
from notifications.models import WebhookSubscription
from notifications.services import webhooks
from requests.webhook_events import EVENTS, PERSONAL, open_to


def subscribe(
    *, member: Membership, scopes: Collection[str], label: str, url: str, events: Collection[str],
    include_personal: bool, token: ApiToken | None = None,
) -> tuple[WebhookSubscription, str]:  # fmt: skip
    """A new subscription and its secret. `scopes` are what the caller may give away; a token's ends with the token.

    Raises Invalid, NotAllowed.
    """
    if member.settlements.exists():
        # Events are of the whole municipality.
        raise NotAllowed(_("Виждате само част от общината. Връзка прави администратор на цялата."))
    _check(events, include_personal, scopes)
    needed = {EVENTS[code].scope for code in EVENTS} | {PERSONAL}
    return webhooks.subscribe(
        municipality=member.municipality, label=label, url=url, events=events, include_personal=include_personal,
        scopes=sorted(needed & set(scopes)), by=member.user,
        **_of(token),
    )  # fmt: skip


def resume(subscription: WebhookSubscription, *, scopes: Collection[str], token: ApiToken | None, now: datetime) -> int:
    """It goes on as the caller's, who must be able to give away what it tells. Raises Invalid."""
    _check(subscription.events, subscription.include_personal, scopes)
    return webhooks.resume(subscription, now=now, **_of(token))


def _of(token: ApiToken | None) -> dict[str, Any]:
    return {"token_id": token.pk, "ends_at": token.expires_at} if token else {}


def change(
    subscription: WebhookSubscription, *, label: str, url: str, events: Collection[str], include_personal: bool
) -> WebhookSubscription:
    """Within what its maker gave away. Raises Invalid."""
    _check(events, include_personal, subscription.scopes)
    return webhooks.change(subscription, label=label, url=url, events=events, include_personal=include_personal)


def _check(events: Collection[str], include_personal: bool, scopes: Collection[str]) -> None:
    if not set(events) <= set(open_to(scopes)):
        raise Invalid(_("Изберете само събития, които и вие виждате."), code="events", field="events")
    if include_personal and PERSONAL not in scopes:
        raise Invalid(
            _("Без право да се четат заявки хората не се назовават."), code="scopes", field="include_personal"
        )
