"""How another system does: failing since when, paused after some days, and who at the desk is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from notifications.models import WebhookSubscription
from notifications.services import desk_tasks, webhooks
from notifications.states import PauseReason, TaskKind

RESTS_AFTER = 3
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=15)


def worked(subscription: WebhookSubscription, *, now: datetime) -> None:
    """It took something: whatever was wrong is over."""
    WebhookSubscription.objects.filter(pk=subscription.pk).update(
        failing_since=None, failures_in_row=0, rests_until=None, last_taken_at=now
    )
    desk_tasks.finish_about(
        subject_type="webhook", subject_id=subscription.pk, kinds=[TaskKind.WEBHOOK], result="recovered", now=now
    )


def failed(subscription: WebhookSubscription, *, now: datetime, gave_up: bool, gone: bool) -> None:
    """It did not. After WEBHOOK_PAUSE_DAYS of that, or at its own word, it is paused; an administrator is told."""
    rows = WebhookSubscription.objects.filter(pk=subscription.pk)
    rows.filter(failing_since=None).update(failing_since=now)
    rows.update(failures_in_row=F("failures_in_row") + 1)
    since, in_row = rows.values_list("failing_since", "failures_in_row").first() or (now, 0)
    if in_row >= RESTS_AFTER:
        # One that hangs does not keep our workers busy with all that waits for it.
        rows.update(rests_until=now + min(FIRST_REST * 2 ** min(in_row - RESTS_AFTER, 10), LONGEST_REST))
    too_long = now - (since or now) >= timedelta(days=settings.WEBHOOK_PAUSE_DAYS)
    if gone or too_long:
        reason = PauseReason.GONE if gone else PauseReason.FAILING
        if webhooks.pause(subscription, reason=reason, now=now):
            _tell(subscription, "paused", now)
    elif gave_up:
        _tell(subscription, "failed", now)


def _tell(subscription: WebhookSubscription, what: str, now: datetime) -> None:
    desk_tasks.ask(
        municipality=subscription.municipality, kind=TaskKind.WEBHOOK, subject_type="webhook",
        subject_id=subscription.pk, due_at=now, now=now, facts={"label": subscription.label, "what": what},
    )  # fmt: skip
