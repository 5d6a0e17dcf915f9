"""Subscriptions of other systems, and events written down for them in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Invalid
from core.nudge import nudge_on_commit
from notifications.models import TEST_EVENT, WebhookDelivery, WebhookSubscription
from notifications.services import desk_tasks
from notifications.services.outbox import tells
from notifications.states import DELIVERY_MOVES, DeliveryState, PauseReason, TaskKind
from notifications.webhooks import addresses, signing
from places.models import Municipality

DELIVER_DUE = "notifications.tasks.deliver_webhooks"
# So long both secrets sign, so that the other side can change over.
BOTH_SECRETS = timedelta(hours=24)
MOST_SUBSCRIPTIONS = 20


@dataclass(frozen=True)
class Event:
    """What happened, in codes. `key` names it once and for all; `about` is whom a personal subscription may read."""

    type: str
    key: str
    happened_at: datetime
    data: Callable[[], dict[str, Any]]
    about_type: str = ""
    about_id: UUID | None = None


@transaction.atomic
def subscribe(
    *, municipality: Municipality, label: str, url: str, events: Collection[str], include_personal: bool,
    scopes: Collection[str], by: AbstractBaseUser | None, token_id: UUID | None = None, ends_at: datetime | None = None,
) -> tuple[WebhookSubscription, str]:  # fmt: skip
    """A new subscription and its secret, which is shown only now. Raises Invalid, DomainError (`too_many`)."""
    # The municipality's row is the counter's lock; NO KEY, so that new rows may still refer to it.
    lock = Municipality.objects.select_for_update(no_key=connection.features.has_select_for_no_key_update)
    lock.get(pk=municipality.pk)
    if WebhookSubscription.objects.filter(municipality=municipality).count() >= MOST_SUBSCRIPTIONS:
        raise DomainError(_("Вече има 20 връзки. Махнете една, която не ползвате."), code="too_many")
    secret = signing.new_secret()
    row = WebhookSubscription(
        municipality=municipality, secret=secret, scopes=sorted(scopes), created_by_id=by.pk if by else None,
        token_id=token_id, ends_at=ends_at,
    )  # fmt: skip
    _write(row, label, url, events, include_personal)
    return row, secret


@transaction.atomic
def change(
    subscription: WebhookSubscription, *, label: str, url: str, events: Collection[str], include_personal: bool
) -> WebhookSubscription:
    """Other words, address or events; what was written down before goes where it goes now. Raises Invalid."""
    row = WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)
    _write(row, label, url, events, include_personal)
    return row


def _write(row: WebhookSubscription, label: str, url: str, events: Collection[str], include_personal: bool) -> None:
    if not label.strip():
        raise Invalid(_("Напишете коя система е."), code="label", field="label")
    if not events:
        raise Invalid(_("Изберете поне едно събитие."), code="events", field="events")
    check_address(url)
    row.label, row.url, row.events, row.include_personal = label.strip(), url, sorted(set(events)), include_personal
    row.save()


def check_address(url: str) -> None:
    """Raises Invalid where nothing may be sent there. What a name stands for is looked at when something is sent."""
    said = {
        "NotHttps": _("Адресът започва с https://."),
        "NotPublic": _("Адресът е вътрешен. Изпращаме само към публични адреси."),
        "NotListed": _("Изпращаме само към системи от списъка на общината. Този адрес не е в него."),
    }
    try:
        addresses.check(url)
    except addresses.Refused as refused:
        words = said.get(refused.reason, _("Напишете целия адрес, без парола в него."))
        raise Invalid(words, code="webhook_url", field="url") from refused


@transaction.atomic
def exchange_secret(subscription: WebhookSubscription, *, now: datetime) -> str:
    """A new secret, shown only now. Everything is signed by both for a day. Raises DomainError (`exchanging`)."""
    row = WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)
    if row.old_secret_until is not None and row.old_secret_until > now:
        raise DomainError(_("Старата тайна още важи. Сменете пак, щом изтече."), code="exchanging")
    row.old_secret, row.old_secret_until = str(row.secret), now + BOTH_SECRETS
    secret = row.secret = signing.new_secret()
    row.save(update_fields=["secret", "old_secret", "old_secret_until", "updated_at"])
    return secret


def pause(subscription: WebhookSubscription, *, reason: PauseReason, now: datetime) -> bool:
    """Nothing is sent; what happens meanwhile waits. False where it was paused already."""
    rows = WebhookSubscription.objects.filter(pk=subscription.pk, paused_at=None)
    return bool(rows.update(paused_at=now, pause_reason=reason, updated_at=now))


def pause_of_tokens(token_ids: Collection[UUID], *, now: datetime) -> int:
    """These tokens are over, and what their programs subscribed with them."""
    rows = WebhookSubscription.objects.filter(token_id__in=token_ids, paused_at=None)
    return rows.update(paused_at=now, pause_reason=PauseReason.TOKEN_OVER, updated_at=now)


def pause_ended(*, now: datetime) -> int:
    """The tokens ran out by themselves."""
    rows = WebhookSubscription.objects.filter(ends_at__lte=now, paused_at=None)
    return rows.update(paused_at=now, pause_reason=PauseReason.TOKEN_OVER, updated_at=now)


@transaction.atomic
def resume(
    subscription: WebhookSubscription, *, now: datetime, token_id: UUID | None = None, ends_at: datetime | None = None
) -> int:
    """Sending begins again, at once, with what waited. Answers how many wait.

    It is from now on of whoever resumes it: of a person for good, of a token as long as that is good.
    """
    rows = WebhookSubscription.objects.filter(pk=subscription.pk).exclude(paused_at=None)
    well: dict[str, Any] = {"failing_since": None, "failures_in_row": 0, "rests_until": None}
    well |= {"token_id": token_id, "ends_at": ends_at}
    if not rows.update(paused_at=None, pause_reason="", updated_at=now, **well):
        return 0
    desk_tasks.finish_about(
        subject_type="webhook", subject_id=subscription.pk, kinds=[TaskKind.WEBHOOK], result="resumed", now=now
    )
    waiting = WebhookDelivery.objects.filter(subscription=subscription, state=DeliveryState.QUEUED)
    nudge_on_commit(DELIVER_DUE)
    return waiting.update(due_at=now)


@transaction.atomic
def remove(subscription: WebhookSubscription, *, now: datetime) -> None:
    """The subscription, its secrets and its log are gone."""
    desk_tasks.finish_about(
        subject_type="webhook", subject_id=subscription.pk, kinds=[TaskKind.WEBHOOK], result="removed", now=now
    )
    WebhookDelivery.objects.filter(subscription=subscription).delete()
    WebhookSubscription.objects.filter(pk=subscription.pk).delete()


def send_test(subscription: WebhookSubscription, *, now: datetime) -> WebhookDelivery:
    """A `test` event, tried once, also while the subscription is paused."""
    row = WebhookDelivery.objects.create(
        subscription=subscription, key=f"{TEST_EVENT}:{uuid4()}", event=TEST_EVENT, happened_at=now, due_at=now,
        data={"subscription": str(subscription.pk)},
    )  # fmt: skip
    nudge_on_commit(DELIVER_DUE)
    return row


def resend(delivery: WebhookDelivery, *, now: datetime) -> bool:
    """Once more, under the same id. False where it is on its way already."""
    rows = WebhookDelivery.objects.filter(pk=delivery.pk, state__in=[DeliveryState.DELIVERED, DeliveryState.FAILED])
    assert {DeliveryState.DELIVERED, DeliveryState.FAILED} <= DELIVERY_MOVES[DeliveryState.QUEUED]
    if not rows.update(state=DeliveryState.QUEUED, attempts=0, due_at=now, settled_at=None, updated_at=now):
        return False
    nudge_on_commit(DELIVER_DUE)
    return True


def resend_failed(subscription: WebhookSubscription, *, now: datetime) -> int:
    """Everything that was not taken, once more. Answers how many."""
    rows = WebhookDelivery.objects.filter(subscription=subscription, state=DeliveryState.FAILED)
    again = rows.exclude(event=TEST_EVENT).update(
        state=DeliveryState.QUEUED, attempts=0, due_at=now, settled_at=None, updated_at=now
    )
    if again:
        nudge_on_commit(DELIVER_DUE)
    return again


def announce(event: Event, *, municipality_id: str, now: datetime) -> int:
    """Write the event down for everybody who wants it, in the caller's transaction. Answers for how many."""
    if not tells():
        return 0
    wanted = [
        row
        for row in WebhookSubscription.objects.filter(municipality=municipality_id).only("events", "paused_at")
        if event.type in row.events
    ]
    if not wanted:
        return 0
    data = event.data()
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                subscription=row, key=event.key, event=event.type, happened_at=event.happened_at, data=data,
                about_type=event.about_type, about_id=event.about_id, due_at=now,
            )
            for row in wanted
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if any(row.active for row in wanted):
        nudge_on_commit(DELIVER_DUE)
    return len(wanted)
