"""Sending events to other systems: claim, commit, post, record. At least once, under an id that never changes.

One at a time to each system, so one that hangs keeps nobody else waiting. A sender that dies leaves a stale claim,
and the event is sent again. The order is not promised: what failed comes after what happened later.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from core.killpoints import reach
from core.nudge import nudge
from notifications.models import TEST_EVENT, WebhookDelivery, WebhookSubscription
from notifications.services import webhook_health
from notifications.services.webhooks import DELIVER_DUE, pause_ended
from notifications.states import DELIVERY_MOVES, DeliveryState
from notifications.webhooks import posting, signing
from notifications.webhooks.persons import READERS

logger = logging.getLogger(__name__)

AT_ONCE = 8
RUN_SECONDS = 30.0
# Longer than the longest post. One that is slower may be sent twice, never lost.
STALE_AFTER = timedelta(minutes=2)
# After each failure; ten attempts over about 22 hours.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 60, 120, 240, 360, 480))
LONGEST_ASKED = timedelta(hours=8)
GONE = 410
BATCH = 500


@dataclass(frozen=True, slots=True)
class Parcel:
    """One post, with everything it needs: the threads never ask the database."""

    url: str
    headers: dict[str, str]
    body: bytes
    with_personal: bool


def deliver_due(*, now: datetime) -> int:
    """Send what is due at `now`, for about half a minute. Answers how many were taken."""
    pause_ended(now=now)
    started, taken = time.monotonic(), 0
    running: dict[Future[posting.Answer], tuple[WebhookDelivery, Parcel]] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as threads:
        while True:
            passed = time.monotonic() - started
            moment = now + timedelta(seconds=passed)
            if passed < RUN_SECONDS and len(running) < AT_ONCE:
                reach("claim.before")
                for delivery in take(now=moment, most=AT_ONCE - len(running)):
                    if (parcel := _packed(delivery, moment)) is not None:
                        running[threads.submit(_carry, parcel)] = (delivery, parcel)
            if not running:
                break
            done, _others = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                delivery, parcel = running.pop(future)
                at = now + timedelta(seconds=time.monotonic() - started)
                taken += record(delivery, future.result(), with_personal=parcel.with_personal, now=at)
    if time.monotonic() - started >= RUN_SECONDS:
        nudge(DELIVER_DUE)
    return taken


def take(*, now: datetime, most: int) -> list[WebhookDelivery]:
    """Claim the oldest due delivery of each system that has none on its way, up to `most`; committed on return."""
    # Durable: inside somebody's transaction this raises, so nothing can be sent there.
    with transaction.atomic(durable=True):
        due = WebhookDelivery.objects.due(now).filter(subscription=OuterRef("pk"))
        due = due.filter(Q(event=TEST_EVENT) | _awake(now))
        busy = WebhookDelivery.objects.filter(subscription=OuterRef("pk"), state=DeliveryState.CLAIMED)
        ready = WebhookSubscription.objects.filter(Exists(due)).exclude(Exists(busy))
        ready = ready.order_by(F("last_tried_at").asc(nulls_first=True), "pk")
        claim = uuid4()
        for subscription in list(ready[:most]):
            _claim_oldest(subscription, claim, now)
    mine = WebhookDelivery.objects.filter(claim=claim, state=DeliveryState.CLAIMED)
    found = list(mine.select_related("subscription__municipality"))
    if found:
        reach("claim.after")
    return found


def _awake(now: datetime) -> Q:
    """A delivery whose subscription is neither paused nor at rest."""
    not_at_rest = Q(subscription__rests_until=None) | Q(subscription__rests_until__lte=now)
    return Q(subscription__paused_at=None) & not_at_rest


def _claim_oldest(subscription: WebhookSubscription, claim: UUID, now: datetime) -> None:
    due = WebhookDelivery.objects.due(now).filter(subscription=subscription)
    due = due.filter(Q(event=TEST_EVENT) | _awake(now))
    oldest = due.order_by("due_at", "created_at").values_list("pk", flat=True).first()
    if oldest is None:
        return
    rows = WebhookDelivery.objects.filter(pk=oldest, state__in=DELIVERY_MOVES[DeliveryState.CLAIMED])
    rows.update(state=DeliveryState.CLAIMED, claim=claim, claimed_at=now, attempts=F("attempts") + 1)
    WebhookSubscription.objects.filter(pk=subscription.pk).update(last_tried_at=now)


def _packed(delivery: WebhookDelivery, now: datetime) -> Parcel | None:
    """None where it could not even be written: that was an attempt, and the others go on. Only kinds are logged."""
    try:
        return pack(delivery, now=now)
    except Exception as error:
        logger.error("Delivery %s could not be written: %s", delivery.pk, type(error).__name__)
        record(delivery, posting.Answer(reason=type(error).__name__), with_personal=False, now=now)
        return None


def pack(delivery: WebhookDelivery, *, now: datetime) -> Parcel:
    """The body and its headers, signed as of now. The person is read here, where the subscription may know them."""
    subscription = delivery.subscription
    person = None
    reader = READERS.get(delivery.about_type)
    if subscription.include_personal and delivery.about_id and reader is not None:
        person = reader(subscription, delivery.about_id)
    said = {
        "type": delivery.event,
        "id": str(delivery.pk),
        "timestamp": delivery.happened_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {"municipality": subscription.municipality_id, **delivery.data},
    }
    if person is not None:
        said["person"] = person
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    signed = signing.headers(str(delivery.pk), body, now=now, keys=subscription.secrets_at(now))
    return Parcel(subscription.url, signed, body, person is not None)


def _carry(parcel: Parcel) -> posting.Answer:
    reach("send.before")
    answer = posting.post(parcel.url, parcel.headers, parcel.body)
    reach("send.after")
    return answer


@transaction.atomic
def record(delivery: WebhookDelivery, answer: posting.Answer, *, with_personal: bool, now: datetime) -> bool:
    """What came of one attempt: taken, again later, or given up. True where it was taken."""
    reach("commit.before")
    seen = {
        "last_status": answer.status or None, "last_milliseconds": answer.milliseconds,
        "failure": answer.reason[:60], "with_personal": with_personal, "claim": None, "claimed_at": None,
        "updated_at": now,
    }  # fmt: skip
    rows = WebhookDelivery.objects.filter(pk=delivery.pk)
    if answer.taken:
        rows = rows.filter(state__in=DELIVERY_MOVES[DeliveryState.DELIVERED])
        if rows.update(state=DeliveryState.DELIVERED, settled_at=now, **seen) and not delivery.is_test:
            webhook_health.worked(delivery.subscription, now=now)
        return True
    mine = rows.filter(state=DeliveryState.CLAIMED, claim=delivery.claim)
    gives_up = delivery.is_test or answer.status == GONE or delivery.attempts > len(WAITS)
    if gives_up:
        changed = mine.update(state=DeliveryState.FAILED, settled_at=now, **seen)
    else:
        changed = mine.update(state=DeliveryState.QUEUED, due_at=now + wait_after(delivery.attempts, answer), **seen)
    if changed and not delivery.is_test:
        webhook_health.failed(delivery.subscription, now=now, gave_up=gives_up, gone=answer.status == GONE)
    return False


def wait_after(attempts: int, answer: posting.Answer) -> timedelta:
    """Half a minute up to eight hours, a fifth of it by chance; longer where they asked for it."""
    full = WAITS[min(attempts, len(WAITS)) - 1]
    by_chance = full * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing
    return max(by_chance, min(timedelta(seconds=answer.retry_after), LONGEST_ASKED))


def reclaim_stale(*, now: datetime) -> int:
    """What a dead sender had claimed is due again. Answers how many."""
    back = WebhookDelivery.objects.stale(now - STALE_AFTER).update(
        state=DeliveryState.QUEUED, claim=None, claimed_at=None, due_at=now, failure="SenderDied"
    )
    if back:
        nudge(DELIVER_DUE)
    return back


def purge(*, now: datetime) -> int:
    """Deliveries are kept for WEBHOOK_KEEP_DAYS. Answers how many went."""
    old = WebhookDelivery.objects.filter(created_at__lt=now - timedelta(days=settings.WEBHOOK_KEEP_DAYS))
    gone = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        gone += _delete(keys)
    return gone


def _delete(keys: Collection[UUID]) -> int:
    return WebhookDelivery.objects.filter(pk__in=keys).delete()[0]
